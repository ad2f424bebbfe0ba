import type { Schemas } from '@redproperty/shared/api/client';

export type ContractView = Schemas['View'];

/** The way of a contract, for a row of steps. Renewal, an indefinite term and the hand-over stand at the step that they belong to. */
export const way = ['draft', 'signed', 'in_force', 'terminated', 'closed'] as const;
export function stepOf(state: string): number {
  return way.indexOf(({ renewed: 'closed', indefinite: 'in_force', handover: 'terminated' }[state] ?? state) as (typeof way)[number]);
}

export const states = ['draft', 'signed', 'in_force', 'indefinite', 'terminated', 'handover', 'renewed', 'closed'] as const;

/** Steps that are taken from the row of buttons, those that move a contract along first. The others have their place beside what they change. */
export const buttons = ['sign', 'record_decision', 'bring_into_force', 'confirm_start', 'record_continuation', 'replace', 'file', 'notice', 'terminate', 'set_period', 'withdraw'] as const;
export type ButtonStep = (typeof buttons)[number];
/** Of these the first that is possible stands out. */
export const main = new Set<ButtonStep>(['sign', 'record_decision', 'bring_into_force', 'confirm_start', 'record_continuation', 'replace']);

export function option(c: ContractView, step: string): Schemas['StepOption'] | undefined {
  return c.options?.find((o) => o.step === step);
}
export const may = (c: ContractView, step: string) => option(c, step)?.allowed === true;

/** Steps of this state, as buttons that can be pressed and as sentences why not. What another state allows is not spoken of. */
export function offered(c: ContractView): { now: ButtonStep[]; not: { step: ButtonStep; why: string }[] } {
  const here = buttons.filter((s) => option(c, s)?.why !== 'contract.step_illegal');
  const not = here.filter((s) => !may(c, s)).map((step) => ({ step, why: option(c, step)?.why ?? '' }));
  return { now: here.filter((s) => may(c, s)), not: not.sort((a, b) => Number(a.why === 'auth.forbidden') - Number(b.why === 'auth.forbidden')) };
}

/** Who has signed, confirmed or withdrawn for the terms that stand now. */
export function given(c: ContractView, act: Schemas['Assent']['act'], side: Schemas['Assent']['side']): Schemas['Assent'] | undefined {
  return c.assents?.find((a) => a.act === act && a.side === side && a.termsVersion === c.termsVersion);
}

/** Whole days from one day to another; negative where it has passed. */
export function daysUntil(on: string, from: string): number {
  return Math.round((Date.parse(`${on}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** A stretch of a service area's history: an arrangement, or a time of which nothing is recorded. */
export interface Stretch {
  key: string;
  arrangement?: Schemas['Arrangement'];
  from: string;
  to: string | undefined;
  /** Nobody served the place. */
  gap: boolean;
}

/** Who served when, newest first, with the gaps. A time without anybody of less than a minute is the making of the record, and no gap. */
export function stretches(history: Schemas['Arrangement'][]): Stretch[] {
  const out: Stretch[] = [];
  history.forEach((a, i) => {
    if (a.kind !== 'none' || !a.to || Date.parse(a.to) - Date.parse(a.from) >= 60_000) out.push({ key: a.id, arrangement: a, from: a.from, to: a.to, gap: a.kind === 'none' });
    const before = history[i + 1];
    if (before?.to && Date.parse(before.to) < Date.parse(a.from)) out.push({ key: `${a.id}-gap`, from: before.to, to: a.from, gap: true });
  });
  return out;
}
