import { onScopeDispose, ref, shallowRef, watch, type Ref, type WatchSource } from 'vue';

import { asApiError, type ApiError } from '../api/problem';

export interface Load<T> {
  data: Ref<T | undefined>;
  error: Ref<ApiError | undefined>;
  /** True from the start until the first answer, and again while it is loaded anew. */
  loading: Ref<boolean>;
  reload(): Promise<void>;
}

/** Whether an aborted request was aborted by us. */
export function aborted(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/**
 * Loads one thing, and again whenever `on` changes. Of several loads under way only the latest counts: an earlier answer
 * that comes late is thrown away. What was shown stays while it is loaded anew, and after a failure.
 */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, on?: WatchSource | WatchSource[]): Load<T> {
  const data = shallowRef<T>();
  const error = shallowRef<ApiError>();
  const loading = ref(false);
  let current: AbortController | undefined;

  async function reload(): Promise<void> {
    current?.abort();
    const mine = (current = new AbortController());
    loading.value = true;
    try {
      const answer = await load(mine.signal);
      if (mine !== current) return;
      data.value = answer;
      error.value = undefined;
    } catch (thrown) {
      if (mine !== current || aborted(thrown)) return;
      error.value = asApiError(thrown);
    } finally {
      if (mine === current) loading.value = false;
    }
  }

  if (on) {
    watch(on, () => {
      data.value = undefined;
      void reload();
    });
  }
  onScopeDispose(() => current?.abort());
  void reload();
  return { data, error, loading, reload };
}
