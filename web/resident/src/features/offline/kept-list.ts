import { ref, type WatchSource } from 'vue';

import { useList, type List, type Page } from '@redproperty/shared/composables/use-list';

import { useFresh, useKeptLoad, type Kept } from './kept-load';

/** Walks a list, as useList; its first page is kept. Called in setup. */
export function useKeptList<T>(what: () => string, load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>, on?: WatchSource | WatchSource[]): List<T> & Kept {
  const keptAt = ref<number>();
  const first = useKeptLoad(what, (signal) => load(undefined, signal), { told: (at) => (keptAt.value = at) });
  const list = useList((cursor, signal) => (cursor === undefined ? first(signal) : load(cursor, signal)), on);
  useFresh(keptAt, list.reload);
  return { ...list, keptAt };
}
