import { computed, onMounted, ref, shallowRef } from 'vue';

import { useApi } from '../api/use-api';
import type { LogName } from './ledger';
import { deviceStore } from './store';
import { LedgerWatch, type Sides } from './watch';

/** How the ledger is not the one that a device saw before. */
export type LedgerChange = 'rekeyed' | 'rewritten';

/** Whether a fault is one that the person can decide about, once they have asked. */
export const ledgerChange = (fault: string | undefined): LedgerChange | undefined => (fault === 'rekeyed' || fault === 'rewritten' ? fault : undefined);

/** The number in the middle of a key's name is its fingerprint: name+fingerprint+key. */
const number = (key: string | undefined) => key?.split('+')[1] ?? '–';
const size = (note: string | undefined) => note?.split('\n')[1] ?? '–';

/** What a device saw of a log and what it is shown now, to compare, to keep and, when the person has asked, to accept. */
export function useLedgerChanged(change: () => LedgerChange, log: LogName) {
  const watched = new LedgerWatch(useApi(), deviceStore, log);
  const sides = shallowRef<Sides>();
  /** Whether the person says that they have asked. */
  const asked = ref(false);
  onMounted(async () => (sides.value = await watched.sides().catch(() => undefined))); // without it there is nothing to compare, and nothing can be accepted

  /** The two keys' numbers, or the two counts of entries. */
  const compared = computed(() => {
    const { before, now } = sides.value ?? {};
    const of = change() === 'rekeyed' ? { before: number(before?.verifierKey), now: number(now?.verifierKey) } : { before: size(before?.note), now: size(now?.note) };
    return (['before', 'now'] as const).map((side) => ({ side, value: of[side] }));
  });

  /** What is to be kept as evidence, under a title and the names of the two sides. */
  function evidence(title: string, names: Record<'before' | 'now', string>): string[] {
    const { before, now } = sides.value!;
    return [title, '', names.before, before?.verifierKey ?? '', before?.note ?? '', '', names.now, now.verifierKey, now.note ?? ''];
  }

  return { sides, asked, compared, evidence, accept: () => deviceStore.forgetLedger() };
}
