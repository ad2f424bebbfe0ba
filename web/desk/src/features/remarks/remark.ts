import type { Schemas } from '@redproperty/shared/api/client';

/** What a reviewer has decided about a remark on the page, before it is sent. */
export interface Choice { to: 'released' | 'withheld'; shown: string; reason: NonNullable<Schemas['RemarkDecision']['reason']> | '' }

export const mark = '■';
export const reasons = ['tells_who', 'insult', 'unlawful', 'unrelated'] as const;

/** Blacks out what is selected, from one place to another in the text as a field counts them. A character of two halves is hidden whole; line breaks stay. */
export function blackOut(text: string, from: number, to: number): string {
  let at = 0;
  return Array.from(text, (c) => {
    const [begin, end] = [at, (at += c.length)];
    return begin < to && end > from && c !== '\n' ? mark : c;
  }).join('');
}

/** What is sent of the choices on a page; those to withhold without a reason are named apart. */
export function decisions(remarks: readonly Schemas['Remark'][], choices: ReadonlyMap<string, Choice>): { list: Schemas['RemarkDecision'][]; missing: string[] } {
  const list: Schemas['RemarkDecision'][] = [];
  const missing: string[] = [];
  for (const r of remarks) {
    const c = choices.get(r.id);
    if (!c) continue;
    if (c.to === 'withheld' && !c.reason) missing.push(r.id);
    list.push({ id: r.id, from: r.state, to: c.to, ...(c.to === 'released' && c.shown !== r.content ? { shown: c.shown } : {}), ...(c.to === 'withheld' && c.reason ? { reason: c.reason } : {}) });
  }
  return { list, missing };
}
