import type { Schemas } from '@redproperty/shared/api/client';

import type { Vote } from './vote';

/** An item as it is typed. */
export interface ItemDraft {
  matter: number;
  title: string;
  content: string;
  several: boolean;
  options: string[];
}

export interface Draft {
  scope: 'service_area' | 'estate';
  title: string;
  reason: string;
  items: ItemDraft[];
}

export const newItem = (): ItemDraft => ({ matter: 9, title: '', content: '', several: false, options: ['', ''] });
export const newDraft = (): Draft => ({ scope: 'service_area', title: '', reason: '', items: [newItem()] });

/** A proposal as it was made, to be changed. */
export const draftOf = (v: Vote): Draft => ({
  scope: v.scope === 'estate' ? 'estate' : 'service_area', title: v.title, reason: v.reason,
  items: (v.items ?? []).map((i) => ({ matter: i.matter, title: i.title, content: i.content, several: (i.options ?? []).length > 1, options: (i.options ?? []).length > 1 ? (i.options ?? []).map((o) => o.text) : ['', ''] })),
});

/** What is sent: where owners say yes or no, the one option is to agree. */
export const itemsOf = (draft: Draft, agree: string): Schemas['ItemBody'][] =>
  draft.items.map((i) => ({ matter: i.matter, title: i.title, content: i.content, most: 1, options: (i.several ? i.options.filter((o) => o.trim() !== '') : [agree]).map((text) => ({ text })) }));
