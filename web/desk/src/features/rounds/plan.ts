import type { Schemas } from '@redproperty/shared/api/client';

import { fieldOf, instantOf } from '@/parts/moment';

/** What an author types to plan a round. Moments are those of a DateField, in China's time. */
export interface PlanValues {
  title: string;
  formId: string;
  serviceAreas: string[];
  method: 'census' | 'sample';
  marginBp: number;
  /** Of a hundred dwellings asked, how many are expected to answer; the rules' when it is left open. */
  responsePercent?: number | undefined;
  opensAt: string;
  closesAt: string;
}

/** Half widths that an author chooses among, in hundredths of a percentage point. */
export const margins = [300, 400, 500, 700, 1000] as const;

/** The half widths to choose among, with that of the round where a year's plan gave it another. */
export const marginsWith = (own: number | undefined): number[] => [...new Set([...margins, ...(own ? [own] : [])])].sort((a, b) => a - b);

const day = 86_400_000;

/** A plan to begin with: it opens in a week at nine in the morning, which leaves time for the roll, and stays open for three weeks. */
export function usualPlan(now: number): PlanValues {
  const morning = (days: number) => `${fieldOf(now + days * day).slice(0, 10)}T09:00`;
  return { title: '', formId: '', serviceAreas: [], method: 'census', marginBp: 500, opensAt: morning(7), closesAt: morning(28) };
}

export function fromRound(r: Schemas['RoundView']): PlanValues {
  return {
    title: r.title, formId: r.formId, serviceAreas: (r.projects ?? []).map((p) => p.serviceAreaId), method: r.method, marginBp: r.marginBp ?? 500, responsePercent: r.responsePercent, opensAt: fieldOf(r.opensAt), closesAt: fieldOf(r.closesAt),
  };
}

/** A field that was emptied is an empty text. */
export const isShare = (n: unknown): n is number => typeof n === 'number' && n >= 1 && n <= 100;

export function toBody(v: PlanValues): Schemas['PlanBody'] {
  const { marginBp, responsePercent, ...rest } = v;
  const sample = { marginBp, ...(isShare(responsePercent) ? { responsePercent: Math.round(responsePercent) } : {}) };
  return { ...rest, title: v.title.trim(), opensAt: instantOf(v.opensAt) ?? '', closesAt: instantOf(v.closesAt) ?? '', ...(v.method === 'sample' ? sample : {}) };
}
