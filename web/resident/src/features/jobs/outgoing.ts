import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { dateTime } from '@redproperty/shared/format/format';

import type { Action } from '@/features/offline/action';
import type { Handler, How } from '@/features/offline/handlers';
import { outgoing as ofResident } from '@/features/orders/outgoing';

import type { Step, StepInput } from './steps';

type Ask = { params: { path: { id: string } }; headers: How['headers']; signal: AbortSignal };
type Send = (api: Api, ask: Ask, input: StepInput) => Promise<Schemas['OrderView']>;

const sends: Record<Step, Send> = {
  accept: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/accept', ask)),
  dispatch: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/dispatch', { ...ask, body: { assigneeId: v.assigneeId, subcontractor: v.subcontractor } })),
  assign: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/assign', { ...ask, body: { assigneeId: v.assigneeId, subcontractor: v.subcontractor } })),
  arrive: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/arrive', ask)),
  control: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/control', ask)),
  note: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/note', { ...ask, body: { text: v.text ?? '' } })),
  pause: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/pause', { ...ask, body: { reason: v.reason as Schemas['PauseOrder']['reason'], evidence: v.evidence ?? '' } })),
  resume: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/resume', ask)),
  resolve: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/resolve', { ...ask, body: { text: v.text ?? '' } })),
  take_up: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/take-up', ask)),
  object: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/object', { ...ask, body: { clause: v.clause ?? '', reason: v.reason ?? '' } })),
  decline: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/decline', { ...ask, body: { reason: v.reason as Schemas['DeclineOrder']['reason'], channel: v.channel as Schemas['DeclineOrder']['channel'], note: v.note } })),
  verify: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/verify', { ...ask, body: { text: v.text } })),
  reject_work: (api, ask, v) => take(api.POST('/api/v1/work-orders/{id}/reject-work', { ...ask, body: { text: v.text ?? '' } })),
  close: (api, ask) => take(api.POST('/api/v1/work-orders/{id}/close', ask)),
};

const path = (id: string) => ({ path: { id } });
const page = ({ about }: Action) => `/jobs/${about}`;
const seen = async (api: Api, about: string) => (await take(api.GET('/api/v1/work-orders/{id}', { params: path(about) }))).version;

/** A step that was not possible any more, as words for the case: what, when, and what was written. */
function asNote(step: Step) {
  return ({ input, madeAt }: Action<StepInput>, words: (key: string) => string) => {
    const written = [input.text, input.evidence, input.reason].filter(Boolean).join(' ');
    return { kind: 'jobs.note', text: `${words(`jobs.step.${step}`)} ${dateTime(madeAt, 'zh-CN')} ${written}`.trim() };
  };
}

function handler(step: Step): Handler<StepInput> {
  return {
    name: `jobs.step.${step}`,
    send: async (api, { about, input }, { headers, signal }) => ({ version: (await sends[step](api, { params: path(about), headers, signal }, input)).version }),
    page, seen, ...(step === 'note' ? {} : { note: asNote(step) }),
  };
}

const message: Handler<{ text: string }> = {
  ...ofResident.message,
  name: 'jobs.message',
  page,
  note: ({ input }) => ({ kind: 'jobs.note', text: input.text }),
};

/** What is done to a job, and a message about it, as it goes through the queue. */
export const outgoing = { ...(Object.fromEntries(Object.keys(sends).map((step) => [step, handler(step as Step)])) as Record<Step, Handler<StepInput>>), message };
