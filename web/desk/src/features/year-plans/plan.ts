import type { Schemas } from '@redproperty/shared/api/client';

/** What a year is to be, as it is typed. */
export interface YearValues { year: number; marginBp: number; rounds: number; sheets: number; hours: number; offer: string; reason: string }

type View = Schemas['YearPlanView'];
type Offer = Schemas['Offer'];

/** An offer's name in a choice. */
export const keyOf = (o: Pick<Offer, 'kind' | 'times'>): string => `${o.kind}.${o.times}`;

/** A year to begin with: the next one, four rounds, and every place in each of them. */
export const usualYear = (now: number): YearValues => ({ year: new Date(now).getFullYear() + 1, marginBp: 500, rounds: 4, sheets: 5000, hours: 500, offer: 'every_round.4', reason: '' });

export function fromPlan(p: View): YearValues {
  return { year: p.year, marginBp: p.rule.margin, rounds: p.rule.rounds, sheets: p.budget.sheets, hours: Math.floor(p.budget.minutes / 60), offer: keyOf(p.chosen), reason: '' };
}

export function toBody(v: YearValues): Omit<Schemas['ReviseSurveyPlanRequest'], 'reason'> {
  const [kind, times] = v.offer.split('.');
  return { marginBp: v.marginBp, rounds: v.rounds, sheets: v.sheets, minutes: v.hours * 60, kind: kind as Offer['kind'], times: Number(times) };
}

/** What the server is asked to reckon with, or undefined where it could not. */
export function toQuery(v: YearValues): { marginBp: number; rounds: number; sheets: number; minutes: number } | undefined {
  const whole = (n: number, least: number, most: number) => Number.isInteger(n) && n >= least && n <= most;
  return whole(v.rounds, 1, 12) && whole(v.sheets, 0, 1e8) && whole(v.hours, 0, 1_600_000) ? { marginBp: v.marginBp, rounds: v.rounds, sheets: v.sheets, minutes: v.hours * 60 } : undefined;
}

/** The rounds of the year with the places that each asks, and the round that was made of it. */
export function roundsOf(p: View): { no: number; areas: Schemas['YearPlanArea'][]; asked: number; made: Schemas['MadeRound'][] }[] {
  return Array.from({ length: p.rule.rounds }, (_, i) => {
    const areas = (p.areas ?? []).filter((a) => a.rounds?.includes(i + 1));
    return { no: i + 1, areas, asked: areas.reduce((sum, a) => sum + a.asked, 0), made: (p.made ?? []).filter((m) => m.no === i + 1) };
  });
}

/** When the n-th of so many rounds of a year would open and close, as days: in the first weeks of its part of the year. */
export function usualDays(year: number, no: number, rounds: number): { opens: string; closes: string } {
  const month = Math.floor(((no - 1) * 12) / rounds);
  const day = (n: number) => new Date(Date.UTC(year, month, n)).toISOString().slice(0, 10);
  return { opens: day(10), closes: day(31) };
}
