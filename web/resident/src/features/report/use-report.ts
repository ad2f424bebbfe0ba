import { computed, reactive, ref, watch, type Ref } from 'vue';

import type { Schemas } from '@redproperty/shared/api/client';
import type { Attempt } from '@redproperty/shared/composables/use-action';
import { useForm } from '@redproperty/shared/composables/use-form';
import { useSession } from '@redproperty/shared/session/session';

import { useOutbox, type What } from '@/features/offline/outbox';
import type { Home } from '@/app/homes';
import { useT } from '@/texts';

import type { Category } from './categories';
import { keptDraft, type Draft } from './draft';
import type { Photo } from './photos';
import { likelyPlace, whereOf } from './places';

export type Receipt = Schemas['OrderReceipt'];

const phonePattern = /^\+?[\d\s-]{5,20}$/;

/** What is sent of a draft. */
function reportOf(draft: Draft, home: Home, title: string): What {
  const what = { category: draft.category, where: whereOf(draft, home, home.buildingName), description: draft.description.trim() };
  if (draft.unnamed) return { kind: 'report.unnamed', title, input: what };
  return { kind: 'report.named', title, input: { ...what, contactName: draft.contactName.trim(), contactPhone: draft.contactPhone.trim(), contactOptOut: draft.contactOptOut } };
}

/**
 * The report form: what is typed is kept in the browser; what is sent goes through the queue with its photos, so that a lost
 * answer, a closed page or a cellar without a signal neither loses nor doubles it. The answer is the receipt.
 */
export function useReport(category: Category, home: Ref<Home | undefined>, unnamed: boolean, name: () => string, photos: Ref<Photo[]>) {
  const t = useT();
  const session = useSession();
  const outbox = useOutbox();
  const kept = keptDraft(session.account?.account ?? '');
  const start = kept.load(category.code);
  if (unnamed) start.unnamed = true;
  if (start.place === '') start.place = likelyPlace(category, start.unnamed);
  /** The key of the report once it is in the queue, and how many photos go with it. */
  const queued = ref<{ key: string; photos: number }>();
  const receipt = ref<Receipt>();

  async function send({ key }: Attempt, draft: Draft): Promise<true> {
    if (!home.value) throw new Error('no home');
    const along = draft.unnamed ? [] : photos.value.map((p): What => ({ kind: 'report.photo', title: name(), input: { kind: 'report' }, blob: p.blob }));
    const out = await outbox.submit({ key }, reportOf(draft, home.value, draft.description.trim() || name()), along);
    if (out.state === 'refused') throw out.error;
    queued.value = { key, photos: along.length };
    if (out.state === 'sent') receipt.value = out.answer as Receipt;
    return true;
  }

  const form = useForm<Draft, true>(start, send, {
    fields: ['where.detail', 'where', 'description', 'contactName', 'contactPhone', 'category'],
    check: (v) => ({
      where: v.place === '' ? t('report.placeRequired') : undefined,
      contactPhone: v.unnamed || v.contactPhone.trim() === '' || phonePattern.test(v.contactPhone.trim()) ? undefined : t('report.phoneInvalid'),
    }),
  });
  watch(form.values, (now) => queued.value ?? kept.save({ ...now }), { deep: true });

  async function submit(): Promise<void> {
    if ((await form.submit()) && (receipt.value !== undefined || !outbox.fleeting)) kept.clear();
  }

  /** It is at the server: what was typed is needed no more, also where the device had kept nothing else. */
  function arrived(answer: Receipt): void {
    receipt.value = answer;
    kept.clear();
  }
  // What was kept first may arrive while the page is still there.
  watch(() => outbox.arrived.find((a) => a.key === queued.value?.key), (row) => row && arrived(row.answer as Receipt));

  /** The person has seen the receipt. */
  const seen = () => queued.value && receipt.value && void outbox.discard(queued.value.key);

  return reactive({ values: form.values, errors: form.errors, touch: form.touch, busy: form.busy, problem: form.problem, queued, receipt, seen, submit, started: computed(() => form.values.description.trim() !== '') });
}

export type ReportForm = ReturnType<typeof useReport>;
