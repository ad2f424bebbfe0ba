import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type WatchSource } from 'vue';

import { asApiError, type ApiError } from '../api/problem';
import { aborted } from './use-load';

/** One page of a list as the API answers it. */
export interface Page<T> {
  items: T[] | null;
  next?: string;
}

export interface List<T> {
  items: Ref<T[]>;
  error: Ref<ApiError | undefined>;
  /** True while the first page is loaded. */
  loading: Ref<boolean>;
  /** True while a further page is loaded. */
  loadingMore: Ref<boolean>;
  /** Whether there is another page. */
  more: ComputedRef<boolean>;
  empty: ComputedRef<boolean>;
  reload(): Promise<void>;
  loadMore(): Promise<void>;
}

/**
 * Walks a list page by page by its cursor. When `on` (the filters) changes, the list begins anew; answers to earlier
 * questions are thrown away, so that the rows always belong to the filters that are shown.
 */
export function useList<T>(load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>, on?: WatchSource | WatchSource[]): List<T> {
  const items = shallowRef<T[]>([]);
  const error = shallowRef<ApiError>();
  const loading = ref(false);
  const loadingMore = ref(false);
  const next = ref<string>();
  const answered = ref(false);
  let current: AbortController | undefined;

  async function fetchPage(cursor: string | undefined, busy: Ref<boolean>): Promise<void> {
    current?.abort();
    const mine = (current = new AbortController());
    busy.value = true;
    try {
      const page = await load(cursor, mine.signal);
      if (mine !== current) return;
      items.value = cursor === undefined ? (page.items ?? []) : [...items.value, ...(page.items ?? [])];
      next.value = page.next || undefined;
      error.value = undefined;
      answered.value = true;
    } catch (thrown) {
      if (mine !== current || aborted(thrown)) return;
      error.value = asApiError(thrown);
    } finally {
      if (mine === current) busy.value = false;
    }
  }

  async function reload(): Promise<void> {
    loadingMore.value = false;
    await fetchPage(undefined, loading);
  }

  async function loadMore(): Promise<void> {
    if (loading.value || loadingMore.value || next.value === undefined) return;
    await fetchPage(next.value, loadingMore);
  }

  if (on) {
    watch(on, () => {
      items.value = [];
      next.value = undefined;
      answered.value = false;
      void reload();
    });
  }
  onScopeDispose(() => current?.abort());
  void reload();
  return {
    items, error, loading, loadingMore, reload, loadMore,
    more: computed(() => next.value !== undefined),
    empty: computed(() => answered.value && !loading.value && items.value.length === 0),
  };
}
