import { computed, inject, onScopeDispose, provide, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import type { ApiError } from '@redproperty/shared/api/problem';
import { useAction } from '@redproperty/shared/composables/use-action';
import { remembered } from '@redproperty/shared/session/remembered';
import { useSession } from '@redproperty/shared/session/session';

import { useFaults } from './faults';
import { readForm, writeForm, type DraftForm, type DraftItem, type DraftSection } from './form';

/** What a person begins to write with. */
export interface Start {
  /** Of the draft on the server; absent for one that was not saved yet. */
  id?: string | undefined;
  version: number;
  template: Schemas['TemplateView'];
  questionnaire: Schemas['Questionnaire'];
}

/** What this browser keeps of a draft that was not saved: it may be half written, which the server does not take. */
interface Kept { version: number; form: DraftForm }

/** Two questionnaires are the same where they differ in nothing that the server brings into its own form. */
const written = (q: Schemas['Questionnaire']) => JSON.stringify(q, (_, v: unknown) => (typeof v === 'string' ? v.replace(/\r\n?/g, '\n').normalize('NFC').trim() : v));
const sameForm = (one: Schemas['Questionnaire'], two: Schemas['Questionnaire']) => written(writeForm(readForm(one))) === written(writeForm(readForm(two)));

export type Part = DraftForm | DraftSection | DraftItem;

/** A questionnaire under work: what is typed, what is wrong with it, and what is kept where. */
export function createEditor(start: Start) {
  const api = useApi();
  const store = remembered(`redproperty.form.${useSession().account?.account ?? ''}.${start.id ?? start.template.code}`, '');
  const kept = read(store.get());
  const draft = reactive(kept?.form ?? readForm(start.questionnaire));
  const saved = ref(written(writeForm(readForm(start.questionnaire))));
  const version = ref(kept?.version ?? start.version);
  const restored = ref(kept !== undefined);
  const selected = shallowRef<Part>(draft);
  const faults = useFaults();
  const problem = shallowRef<ApiError>();
  const conflict = ref(false);
  const dirty = computed(() => !start.id || written(writeForm(draft)) !== saved.value);

  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => store.set(dirty.value ? JSON.stringify({ version: version.value, form: draft } satisfies Kept) : '');
  watch(draft, () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  }, { deep: true });
  onScopeDispose(() => {
    if (timer !== undefined) { clearTimeout(timer); keep(); }
  });

  const send = useAction(({ headers }, body: { template: string; questionnaire: Schemas['Questionnaire'] }, at: number) => (start.id
    ? take(api.PUT('/api/v1/survey-forms/{formId}', { params: { path: { formId: start.id } }, body: { questionnaire: body.questionnaire }, headers: { ...headers, 'If-Match': `"${at}"` } }))
    : take(api.POST('/api/v1/survey-forms', { body, headers }))));

  function done(form: Schemas['FormView'], sent: Schemas['Questionnaire']): Schemas['FormView'] {
    version.value = form.version;
    saved.value = written(sent);
    restored.value = conflict.value = false;
    faults.clear();
    clearTimeout(timer);
    timer = undefined;
    store.set('');
    return form;
  }

  /** Somebody else changed the draft, or the answer to one's own change was lost: then the server has just what is written here. */
  async function stale(sent: Schemas['Questionnaire']): Promise<Schemas['FormView'] | undefined> {
    const now = start.id ? await take(api.GET('/api/v1/survey-forms/{formId}', { params: { path: { formId: start.id } } })).catch(() => undefined) : undefined;
    if (now && sameForm(now.questionnaire, sent)) return done(now, sent);
    conflict.value = now !== undefined;
    if (now) version.value = now.version;
    return undefined;
  }

  /** Saves; undefined where it was refused. What was typed stays. */
  async function save(): Promise<Schemas['FormView'] | undefined> {
    const questionnaire = writeForm(draft);
    problem.value = undefined;
    const form = await send.run({ template: start.template.code, questionnaire }, version.value);
    if (form) return done(form, questionnaire);
    const error = send.error.value;
    if (error?.status === 412) return stale(questionnaire);
    if (error) problem.value = faults.place(draft, error.fields).length > 0 || error.fields.length === 0 ? error : undefined;
    return undefined;
  }

  /** Throws away what was typed since the last saving. */
  function revert(): void {
    Object.assign(draft, readForm(start.questionnaire));
    version.value = start.version;
    restored.value = false;
    selected.value = draft;
    faults.clear();
    store.set('');
  }

  return { start, draft, selected, faults, problem, conflict, restored, dirty, version, busy: send.busy, save, revert };
}
export type Editor = ReturnType<typeof createEditor>;

function read(text: string): Kept | undefined {
  if (!text) return undefined;
  try {
    const kept = JSON.parse(text) as Partial<Kept>;
    return kept.form && Array.isArray(kept.form.sections) && typeof kept.version === 'number' ? { form: kept.form, version: kept.version } : undefined;
  } catch {
    return undefined; // written by another version of the program
  }
}

const key: InjectionKey<Editor> = Symbol('questionnaire editor');
export const provideEditor = (editor: Editor) => provide(key, editor);

/** The questionnaire under work, for the parts of its editor. */
export function useEditor(): Editor {
  const editor = inject(key);
  if (!editor) throw new Error('no questionnaire is being edited');
  return editor;
}
