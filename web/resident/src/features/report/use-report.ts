import { computed, onScopeDispose, reactive, ref, watch, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useForm } from '@redproperty/shared/composables/use-form';
import { useSession } from '@redproperty/shared/session/session';

import type { Home } from '@/app/homes';
import { useT } from '@/texts';

import type { Category } from './categories';
import { keptDraft, type Draft } from './draft';
import { likelyPlace, whereOf } from './places';

export type Receipt = Schemas['OrderReceipt'];

const phonePattern = /^\+?[\d\s-]{5,20}$/;

/**
 * The report form: what is typed is kept in the browser, a report whose answer never came is sent again under the same key
 * (by hand, or by itself once the network is back), and the answer is the receipt.
 */
export function useReport(category: Category, home: Ref<Home | undefined>, unnamed: boolean) {
  const api = useApi();
  const t = useT();
  const session = useSession();
  const kept = keptDraft(session.account?.account ?? '');
  const start = kept.load(category.code);
  if (unnamed) start.unnamed = true;
  if (start.place === '') start.place = likelyPlace(category, start.unnamed);
  const receipt = ref<Receipt>();

  async function send(_: unknown, draft: Draft): Promise<Receipt> {
    if (!home.value) throw new Error('no home');
    const headers = { 'Idempotency-Key': kept.keyFor(draft) };
    const where = whereOf(draft, home.value, home.value.buildingName);
    const what = { category: draft.category, where, description: draft.description.trim() };
    if (draft.unnamed) return take(api.POST('/api/v1/hazard-reports', { body: what, headers }));
    return take(api.POST('/api/v1/work-orders', { body: { ...what, contactName: draft.contactName.trim(), contactPhone: draft.contactPhone.trim(), contactOptOut: draft.contactOptOut }, headers }));
  }

  const form = useForm<Draft, Receipt>(start, send, {
    fields: ['where', 'description', 'contactName', 'contactPhone', 'category'],
    check: (v) => ({
      where: v.place === '' ? t('report.placeRequired') : undefined,
      contactPhone: v.unnamed || v.contactPhone.trim() === '' || phonePattern.test(v.contactPhone.trim()) ? undefined : t('report.phoneInvalid'),
    }),
  });
  watch(form.values, (now) => receipt.value ?? kept.save({ ...now }), { deep: true });

  /** Whether the report may have arrived although no answer came; sending again is safe. */
  const unsure = ref(kept.uncertain({ ...form.values }));

  async function submit(): Promise<void> {
    const made = await form.submit();
    if (made) {
      kept.clear();
      receipt.value = made;
    }
    unsure.value = made === undefined && form.problem.value?.uncertain === true;
    if (form.problem.value && !form.problem.value.uncertain) kept.refused({ ...form.values });
  }

  const online = () => unsure.value && void submit();
  globalThis.addEventListener('online', online);
  onScopeDispose(() => globalThis.removeEventListener('online', online));

  return reactive({ values: form.values, errors: form.errors, touch: form.touch, busy: form.busy, problem: form.problem, receipt, unsure, submit, started: computed(() => form.values.description.trim() !== '') });
}

export type ReportForm = ReturnType<typeof useReport>;
