import { computed, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { asApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { useAction } from '@redproperty/shared/composables/use-action';

export type Order = Schemas['OrderView'];
export type Detail = Schemas['OrderDetail'];
export type Answer = Schemas['OrderAnswer'];

/** How an order looks at a glance. */
export type Tone = 'wait' | 'run' | 'late' | 'done';

/** What a state means to the person who reported it. */
export function toneOf(o: Pick<Order, 'state' | 'overdue' | 'waitingFor'>): Tone {
  if (o.waitingFor === 'resident') return 'wait';
  if (['closed', 'declined', 'cancelled', 'duplicate'].includes(o.state)) return 'done';
  return o.overdue ? 'late' : 'run';
}

/** Whether the last closure still waits for a rating of the household. Who may give it, the server says. */
export function rateable(o: Detail): boolean {
  return o.state === 'closed' && o.closedAs !== 'imported' && !(o.ratings ?? []).some((r) => r.closureNo === o.closureNo);
}

/** Whether a step is open to the person now. */
export function allowed(o: Detail, step: string): boolean {
  return (o.steps ?? []).some((s) => s.step === step && s.allowed);
}

/**
 * The steps that a resident takes. Each says which version it was decided on: where the order changed meanwhile, nothing
 * happens, the page shows what is new, and the person decides again.
 */
export function useResidentSteps(order: Ref<Detail | undefined>, changed: () => Promise<unknown>) {
  const api = useApi();
  const target = () => {
    if (!order.value) throw new Error('no order');
    return order.value;
  };
  type Headers = Record<string, string>;
  const step = <A extends unknown[]>(send: (headers: Headers, id: string, ...input: A) => Promise<unknown>) => useAction(async (attempt, id: string, version: number, ...input: A) => {
    try {
      await send({ ...attempt.headers, 'If-Match': `"${version}"` }, id, ...input);
    } catch (thrown) {
      if (!asApiError(thrown).uncertain) await changed();
      throw thrown;
    }
    await changed();
    return true;
  });
  const at = (id: string) => ({ path: { id } });

  const confirm = step((headers, id, rating?: Answer) => take(api.POST('/api/v1/work-orders/{id}/confirm', { params: at(id), headers, body: { rating } })));
  const dispute = step((headers, id, text: string) => take(api.POST('/api/v1/work-orders/{id}/dispute', { params: at(id), headers, body: { text } })));
  const reopen = step((headers, id, text: string) => take(api.POST('/api/v1/work-orders/{id}/reopen', { params: at(id), headers, body: { text } })));
  const cancel = step((headers, id) => take(api.POST('/api/v1/work-orders/{id}/cancel', { params: at(id), headers })));
  const resume = step((headers, id) => take(api.POST('/api/v1/work-orders/{id}/resume', { params: at(id), headers })));
  const rate = step((headers, id, answer: Answer) => take(api.POST('/api/v1/work-orders/{id}/ratings', { params: at(id), headers: { 'Idempotency-Key': headers['Idempotency-Key'] ?? '' }, body: answer })));

  const all = [confirm, dispute, reopen, cancel, resume, rate];
  return {
    confirm: (rating?: Answer) => confirm.run(target().id, target().version, rating),
    dispute: (text: string) => dispute.run(target().id, target().version, text),
    reopen: (text: string) => reopen.run(target().id, target().version, text),
    cancel: () => cancel.run(target().id, target().version),
    resume: () => resume.run(target().id, target().version),
    rate: (answer: Answer) => rate.run(target().id, target().version, answer),
    busy: computed(() => all.some((a) => a.busy.value)),
    error: computed(() => all.map((a) => a.error.value).find((e) => e !== undefined)),
  };
}
