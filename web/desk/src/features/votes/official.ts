import type { Schemas } from '@redproperty/shared/api/client';

/** Area in m² and heads as they are typed, by row. */
export type Typed = Record<string, { area: string; heads: string }>;

export interface Row {
  key: string;
  name: string;
  /** On an item's last row: where the server says what is wrong with the whole item. */
  ends?: string;
}

interface Names {
  joined: string;
  against: string;
  none: string;
  abstain: string;
  void: string;
}

/** The rows of the form: who took part, then each item's options and what is on every ballot. */
export function rowsOf(items: Schemas['VoteItem'][], names: Names): Row[] {
  return [{ key: 'joined', name: names.joined }, ...items.flatMap((i, at): Row[] => {
    const options = i.options ?? [];
    const row = (key: string, name: string) => ({ key: `${i.no}-${key}`, name: `${i.no}. ${i.title}: ${name}` });
    return [...options.map((o, n) => row(`option-${n}`, o.text)), row('against', options.length > 1 ? names.none : names.against), row('abstain', names.abstain), { ...row('void', names.void), ends: `outcome.items[${at}]` }];
  })];
}

/** Hundredths of what is typed as "86.5": without floating point. */
function hundredths(typed: string): number {
  const [whole = '0', part = ''] = typed.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** The outcome that the API takes. */
export function outcomeOf(items: Schemas['VoteItem'][], typed: Typed): Schemas['Outcome'] {
  const weight = (key: string) => ({ area: hundredths(typed[key]?.area ?? ''), heads: Number(typed[key]?.heads ?? '') });
  return {
    joined: weight('joined'),
    items: items.map((i) => ({ options: (i.options ?? []).map((_, n) => weight(`${i.no}-option-${n}`)), against: weight(`${i.no}-against`), abstain: weight(`${i.no}-abstain`), void: weight(`${i.no}-void`) })),
  };
}
