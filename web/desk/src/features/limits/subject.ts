import type { Schemas } from '@redproperty/shared/api/client';

/** What one part of an exception names. */
export type Part = 'account' | 'order' | 'estate' | 'organisation' | 'household' | 'round' | 'phone' | 'login' | 'address' | 'id';

/** Identifiers by the word of the limit that they stand in, the longest word first. */
const byWord: [string, Part[]][] = [['per_order_account', ['order', 'account']], ['per_account', ['account']], ['per_estate', ['estate']], ['per_organisation', ['organisation']], ['per_household', ['household']], ['per_round', ['round']]];

/** What an exception to the limit names, in the order the server wants it; empty where there are no exceptions. */
export function partsOf(limit: Pick<Schemas['LimitView'], 'limit' | 'subject'>): Part[] {
  const ids = [...(byWord.find(([word]) => limit.limit.includes(word))?.[1] ?? [])];
  return (limit.subject ?? []).map((form) => {
    if (form === 'address') return 'address';
    if (form === 'handle') return limit.limit.includes('phone') ? 'phone' : 'login';
    return ids.shift() ?? 'id';
  });
}
