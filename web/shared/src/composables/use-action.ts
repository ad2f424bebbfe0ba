import { ref, shallowRef, type Ref } from 'vue';

import { newKey } from '../api/client';
import { asApiError, type ApiError } from '../api/problem';

/** What an action sends along, so that the server knows a repetition. */
export interface Attempt {
  key: string;
  headers: { 'Idempotency-Key': string };
}

export interface Action<A extends unknown[], T> {
  /** Does it; undefined where it was refused (see `error`) or is already under way. */
  run(...input: A): Promise<T | undefined>;
  busy: Ref<boolean>;
  error: Ref<ApiError | undefined>;
}

/**
 * One thing that a person does. While it is under way a second click does nothing. Where the outcome is unknown (no
 * answer, or a failure of the server), doing the same again sends the same key, so that nothing happens twice;
 * another input, or a clear answer, takes a new key. Everything that is sent must come in through `input`.
 */
export function useAction<A extends unknown[], T>(act: (attempt: Attempt, ...input: A) => Promise<T>): Action<A, T> {
  const busy = ref(false);
  const error = shallowRef<ApiError>();
  let pending: { key: string; input: string } | undefined;

  async function run(...input: A): Promise<T | undefined> {
    if (busy.value) return undefined;
    busy.value = true;
    error.value = undefined;
    const written = JSON.stringify(input);
    if (pending?.input !== written) pending = { key: newKey(), input: written };
    const { key } = pending;
    try {
      const result = await act({ key, headers: { 'Idempotency-Key': key } }, ...input);
      pending = undefined;
      return result;
    } catch (thrown) {
      const refusal = asApiError(thrown);
      if (!refusal.uncertain) pending = undefined;
      error.value = refusal;
      return undefined;
    } finally {
      busy.value = false;
    }
  }

  return { run, busy, error };
}
