import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue';

import { newKey, take, type Schemas } from '@redproperty/shared/api/client';
import { asApiError, type ApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';

import { ended, type ImportKind } from './kinds';

type Run = Schemas['RunView'];

/** One file on its way: tried first, then imported. */
export interface Item {
  file: File;
  state: 'waiting' | 'sending' | 'running' | 'ended' | 'refused';
  run?: Run | undefined;
  error?: ApiError | undefined;
  /** The key of the submission under way; kept where its outcome is unknown. */
  key?: string | undefined;
}

/** What all files of one import have in common. */
export interface Submission {
  kind: ImportKind;
  target: string;
  phoneBasis: string;
  mapping?: File | undefined;
}

const pause = (ms: number) => new Promise((go) => setTimeout(go, ms));

/** Sends files one after the other and follows each to its end. A refused file does not keep the others back. */
export function useQueue() {
  const api = useApi();
  const items = shallowRef<Item[]>([]);
  const busy = ref(false);
  let gone = false;
  onScopeDispose(() => (gone = true));

  const change = (i: number, to: Partial<Item>) => { items.value = items.value.map((item, n) => (n === i ? { ...item, ...to } : item)); };

  async function submit(file: File, s: Submission, dryRun: boolean, key: string): Promise<Run> {
    const form = new FormData();
    form.append('file', file, file.name);
    form.append('dryRun', String(dryRun));
    if (s.kind.target !== 'none' && s.target) form.append('target', s.target);
    if (s.kind.phones && s.phoneBasis) form.append('phoneBasis', s.phoneBasis);
    if (s.kind.mapping && s.mapping) form.append('mapping', s.mapping, s.mapping.name);
    return take(api.POST(s.kind.path as '/api/v1/imports/households', { body: { file: file.name, dryRun, phoneBasis: '', target: '', mapping: '' }, bodySerializer: () => form, headers: { 'Idempotency-Key': key } }));
  }

  async function follow(i: number, run: Run): Promise<void> {
    for (let wait = 250; !ended(run) && !gone; wait = Math.min(wait * 1.5, 2000)) {
      await pause(wait);
      run = await take(api.GET('/api/v1/imports/{importId}', { params: { path: { importId: run.id } } }));
      change(i, { run });
    }
  }

  async function one(i: number, s: Submission, dryRun: boolean): Promise<void> {
    const key = items.value[i]!.key ?? newKey();
    change(i, { state: 'sending', error: undefined, run: undefined, key });
    try {
      const run = await submit(items.value[i]!.file, s, dryRun, key);
      change(i, { state: 'running', run, key: undefined });
      await follow(i, run);
      change(i, { state: 'ended' });
    } catch (thrown) {
      const error = asApiError(thrown);
      change(i, { state: 'refused', error, key: error.uncertain ? key : undefined });
    }
  }

  /** Sends all files, or those that were refused before. */
  async function run(s: Submission, dryRun: boolean, only: (item: Item) => boolean = () => true): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    const turns = items.value.map((item, i) => [item, i] as const).filter(([item]) => only(item)).map(([, i]) => i);
    for (const i of turns) change(i, { state: 'waiting' });
    for (const i of turns) if (!gone) await one(i, s, dryRun);
    busy.value = false;
  }

  async function cancel(i: number): Promise<void> {
    const id = items.value[i]?.run?.id;
    if (id) await take(api.POST('/api/v1/imports/{importId}/cancel', { params: { path: { importId: id } } }));
  }

  const sums = computed(() => items.value.reduce((n, { run: r }) => ({ accepted: n.accepted + (r?.outcome?.accepted ?? 0), created: n.created + (r?.outcome?.created ?? 0), updated: n.updated + (r?.outcome?.updated ?? 0), unchanged: n.unchanged + (r?.outcome?.unchanged ?? 0), rejected: n.rejected + (r?.outcome?.rejected ?? 0), skipped: n.skipped + (r?.outcome?.skipped ?? 0) }), { accepted: 0, created: 0, updated: 0, unchanged: 0, rejected: 0, skipped: 0 }));

  return reactive({ items, busy, sums, run, cancel });
}
