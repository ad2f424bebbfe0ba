import { computed, reactive, ref, type ComputedRef, type Ref } from 'vue';

import type { ApiError } from '../api/problem';
import { useAction, type Attempt } from './use-action';

export interface Form<V extends object, T> {
  /** What is typed; nothing but the person changes it. */
  values: V;
  /** Sentences for fields by their path in the body ("title", "where.unitId"). They go when the field is typed in again. */
  errors: Record<string, string>;
  /** The refusal as a whole, where no shown field explains it. */
  problem: ComputedRef<ApiError | undefined>;
  busy: Ref<boolean>;
  /** Tells that the field was changed, so that its old error goes. */
  touch(path: string): void;
  /** Checks and sends; undefined where it was refused. What was typed stays. */
  submit(): Promise<T | undefined>;
}

export interface FormOptions<V> {
  /** The paths that have a place for their error on the page. Errors of other paths count for the whole. */
  fields: string[];
  /** What can be said before sending: path to sentence. */
  check?(values: V): Record<string, string | undefined>;
}

/** A form whose errors land on their field, whether this page or the server found them. */
export function useForm<V extends object, T>(initial: V, send: (attempt: Attempt, values: V) => Promise<T>, options: FormOptions<V>): Form<V, T> {
  const values = reactive(structuredClone(initial)) as V;
  const errors = reactive<Record<string, string>>({});
  const unplaced = ref(false);
  const action = useAction(send);

  function place(refusal: ApiError): void {
    unplaced.value = refusal.fields.length === 0;
    for (const field of refusal.fields) {
      const path = options.fields.find((f) => lands(field.path, f));
      if (path === undefined) unplaced.value = true;
      else errors[path] ??= field.detail;
    }
  }

  async function submit(): Promise<T | undefined> {
    if (action.busy.value) return undefined;
    for (const path of Object.keys(errors)) delete errors[path];
    const found = Object.entries(options.check?.(values) ?? {}).filter((e): e is [string, string] => e[1] !== undefined);
    if (found.length > 0) {
      Object.assign(errors, Object.fromEntries(found));
      return undefined;
    }
    const result = await action.run(JSON.parse(JSON.stringify(values)) as V);
    if (action.error.value) place(action.error.value);
    return result;
  }

  return {
    values, errors, submit, busy: action.busy,
    problem: computed(() => (unplaced.value ? action.error.value : undefined)),
    touch: (path) => delete errors[path],
  };
}

/** Whether an error at the server's path (body.where.unitId, body.items[2].title) belongs to the field. */
function lands(at: string, field: string): boolean {
  const path = at.replace(/^body\./, '');
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}
