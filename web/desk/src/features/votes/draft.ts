import type { Schemas } from '@redproperty/shared/api/client';

import type { Vote } from './vote';

/** An item as it is typed. */
export interface ItemDraft {
  matter: number;
  title: string;
  content: string;
  several: boolean;
  options: string[];
  most: number;
  subject?: Pick<Schemas['ItemBody'], 'subjectKind' | 'subjectId' | 'subjectOption'>;
}

export interface Draft {
  scope: Vote['scope'];
  areaId: string;
  buildingId: string;
  entrance: string;
  kind: Vote['kind'];
  title: string;
  reason: string;
  eachUnit: boolean;
  countParking: boolean;
  silent: boolean;
  bylaw: string;
  items: ItemDraft[];
}

export const newItem = (): ItemDraft => ({ matter: 4, title: '', content: '', several: false, options: ['', ''], most: 1 });

export const newDraft = (areaId: string): Draft => ({
  scope: 'service_area', areaId, buildingId: '', entrance: '', kind: 'extraordinary', title: '', reason: '', eachUnit: false, countParking: false, silent: false, bylaw: '', items: [newItem()],
});

/** A vote as it stands, to be changed. Where it is held never changes. */
export const draftOf = (v: Vote): Draft => ({
  scope: v.scope, areaId: '', buildingId: '', entrance: v.entrance ?? '', kind: v.kind, title: v.title, reason: v.reason, eachUnit: v.eachUnit, countParking: v.countParking, silent: v.silent, bylaw: v.bylaw ?? '',
  items: (v.items ?? []).map((i) => {
    const texts = (i.options ?? []).map((o) => o.text);
    return {
      matter: i.matter, title: i.title, content: i.content, several: texts.length > 1, options: texts.length > 1 ? texts : ['', ''], most: i.most,
      ...(i.subjectKind && i.subjectId ? { subject: { subjectKind: i.subjectKind, subjectId: i.subjectId, subjectOption: i.subjectOption ?? 1 } } : {}),
    };
  }),
});

/** What is sent. Where owners say yes or no, the one option is to agree. */
export function bodyOf(d: Draft, agree: string): Schemas['DraftBody'] {
  return {
    kind: d.kind, title: d.title, reason: d.reason, eachUnit: d.eachUnit, countParking: d.countParking, silent: d.silent, ...(d.bylaw ? { bylaw: d.bylaw } : {}),
    items: d.items.map((i) => ({
      matter: i.matter, title: i.title, content: i.content, most: i.several ? i.most : 1,
      options: (i.several ? i.options.filter((o) => o.trim() !== '') : [agree]).map((text) => ({ text })), ...i.subject,
    })),
  };
}
