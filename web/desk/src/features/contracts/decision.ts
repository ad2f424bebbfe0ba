import type { Schemas } from '@redproperty/shared/api/client';

import { toHundredths } from './hundredths';

/** The counts of an owners' decision; areas in square metres as they are typed. */
export const figures = ['totalArea', 'totalHeads', 'joinedArea', 'joinedHeads', 'favourArea', 'favourHeads'] as const;
export type Figures = Record<(typeof figures)[number], string>;
export type Tally = Pick<Schemas['Evidence'], (typeof figures)[number]>;

/** In whole numbers; undefined where one is no number. */
export function toTally(v: Figures): Tally | undefined {
  const out: Partial<Tally> = {};
  for (const f of figures) {
    const n = f.endsWith('Area') ? toHundredths(v[f]) : /^\d{1,8}$/.test(v[f].trim()) ? Number(v[f]) : undefined;
    if (n === undefined) return undefined;
    out[f] = n;
  }
  return out as Tally;
}

/** The four tests for choosing a company (Civil Code 278), by cross-multiplication as the server does. */
export function testsOf(t: Tally): Record<'quorumArea' | 'quorumHeads' | 'favourArea' | 'favourHeads', boolean> {
  return {
    quorumArea: BigInt(t.joinedArea) * 3n >= BigInt(t.totalArea) * 2n,
    quorumHeads: BigInt(t.joinedHeads) * 3n >= BigInt(t.totalHeads) * 2n,
    favourArea: BigInt(t.favourArea) * 2n > BigInt(t.joinedArea),
    favourHeads: BigInt(t.favourHeads) * 2n > BigInt(t.joinedHeads),
  };
}

/** Whether one figure is a number as its kind asks. */
export function readable(figure: (typeof figures)[number], text: string): boolean {
  return toTally({ ...nothing, [figure]: text }) !== undefined;
}
const all = (text: string) => Object.fromEntries(figures.map((f) => [f, text])) as Figures;
export const blank = all('');

/** Minutes of a decision as they are typed: the day, the hash of the paper, and the count. */
export type Minutes = Figures & { heldOn: string; document: string };
export const minutesFields = ['heldOn', 'document', ...figures] as const;

/** What is missing of minutes, by field. */
export const lacking = (v: Minutes): Partial<Record<(typeof minutesFields)[number], 'empty' | 'number'>> =>
  Object.fromEntries([...(['heldOn', 'document'] as const).filter((f) => v[f] === '').map((f) => [f, 'empty']), ...figures.filter((f) => !readable(f, v[f])).map((f) => [f, 'number'])]);
const nothing = all('0');
