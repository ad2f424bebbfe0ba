import type { Schemas } from '@redproperty/shared/api/client';
import { plain } from '@redproperty/shared/renovation/renovation';

import { toHundredths } from '@/features/contracts/hundredths';

import type { Project } from './project';

/** An item as it is typed: quantities and money as decimal texts. */
export interface Draft {
  key: string;
  code: string;
  title: string;
  detail: string;
  parts: Schemas['RenovationPart'][];
  quantity: string;
  budget: string;
  utilityId: string;
  plannedFrom: string;
  plannedUntil: string;
}

export const emptyDraft = (key: string): Draft => ({ key, code: '', title: '', detail: '', parts: [], quantity: '', budget: '', utilityId: '', plannedFrom: '', plannedUntil: '' });

/** The plan in force as drafts. */
export function draftsOf(p: Project): Draft[] {
  return (p.items ?? []).map((i) => ({ key: i.key, code: i.code, title: i.title, detail: i.detail ?? '', parts: (i.parts ?? []).map((x) => ({ ...x })), quantity: plain(i.quantity), budget: plain(i.budgetFen), utilityId: i.utilityId ?? '', plannedFrom: i.plannedFrom ?? '', plannedUntil: i.plannedUntil ?? '' }));
}

/** A key that no item has had: it names the item over all versions. */
export function freshKey(drafts: Draft[], random: () => number = Math.random): string {
  for (;;) {
    const key = `i${Math.floor(random() * 1e9).toString(36)}`;
    if (!drafts.some((d) => d.key === key)) return key;
  }
}

/** What is sent; a number that is none is 0, which the server names at its field. */
export function toItem(d: Draft): Schemas['PlanItem'] {
  return {
    key: d.key, code: d.code, title: d.title.trim(), parts: d.parts, quantity: toHundredths(d.quantity) ?? 0, budgetFen: toHundredths(d.budget) ?? -1,
    ...(d.detail.trim() ? { detail: d.detail } : {}), ...(d.utilityId ? { utilityId: d.utilityId } : {}), ...(d.plannedFrom ? { plannedFrom: d.plannedFrom } : {}), ...(d.plannedUntil ? { plannedUntil: d.plannedUntil } : {}),
  };
}

/** What the drafts cost together, in fen. */
export const total = (drafts: Draft[]): number => drafts.reduce((sum, d) => sum + (toHundredths(d.budget) ?? 0), 0);

/** The fields of an item, as the server calls them. */
export const planFields = ['code', 'title', 'quantity', 'budgetFen', 'plannedFrom', 'plannedUntil', 'utilityId', 'detail', 'parts'] as const;
export type PlanField = (typeof planFields)[number];

/** What is missing or unreadable in a draft, by field. */
export function wrong(d: Draft): ('code' | 'title' | 'quantity' | 'budgetFen' | 'plannedUntil')[] {
  const out: ReturnType<typeof wrong> = [];
  if (!d.code) out.push('code');
  if ([...d.title.trim()].length < 2) out.push('title');
  if (!toHundredths(d.quantity)) out.push('quantity');
  if (toHundredths(d.budget) === undefined) out.push('budgetFen');
  if (Boolean(d.plannedFrom) !== Boolean(d.plannedUntil) || d.plannedUntil < d.plannedFrom) out.push('plannedUntil');
  return out;
}
