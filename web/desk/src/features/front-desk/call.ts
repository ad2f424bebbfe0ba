import { computed, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useForm } from '@redproperty/shared/composables/use-form';
import { useLoad } from '@redproperty/shared/composables/use-load';
import { useSession } from '@redproperty/shared/session/session';

import type { Category } from '@/features/orders/categories';
import { instantOf } from '@/parts/moment';
import { useT } from '@/texts';

import { PlaceSearch, type ReportPlace } from './places';

export type CallKind = 'caller' | 'hotline' | 'inspection';
export interface CategoryOption { key: string; title: string; hint: string; category: Category }

interface Values {
  kind: CallKind;
  where: ReportPlace['where'];
  detail: string;
  category: string;
  title: string;
  description: string;
  callerName: string;
  callerPhone: string;
  externalNumber: string;
  externalDueAt: string;
}

const empty: Values = { kind: 'caller', where: {}, detail: '', category: '', title: '', description: '', callerName: '', callerPhone: '', externalNumber: '', externalDueAt: '' };
const phoneForm = /^(?:\+?86)?1[3-9]\d{9}$|^0\d{2,3}-?\d{7,8}(?:-\d{1,6})?$|^400\d{7}$/;
const set = (name: keyof Values, v: Values) => { const text = String(v[name]).trim(); return text ? { [name]: text } : {}; };

/** What the front desk takes down: the form, its two searches, what was reported already, and the receipt. */
export function useCall() {
  const t = useT();
  const api = useApi();
  const session = useSession();
  const { locale } = useI18n();
  const places = new PlaceSearch(api);
  const place = ref<ReportPlace>();
  const category = ref<CategoryOption>();
  const receipt = ref<Schemas['OrderReceipt']>();
  const kinds = computed<CallKind[]>(() => [...(session.can('workorder.report_for') ? (['caller', 'hotline'] as const) : []), ...(session.can('workorder.inspect') ? (['inspection'] as const) : [])]);

  const form = useForm({ ...empty, kind: kinds.value[0] ?? 'caller' }, ({ headers }, v) => {
    const report = { where: { ...v.where, ...set('detail', v) }, category: v.category, ...set('title', v), ...set('description', v) };
    if (v.kind === 'inspection') return take(api.POST('/api/v1/inspection-orders', { body: report, headers }));
    const hotline = v.kind === 'hotline' ? { ...set('externalNumber', v), ...(v.externalDueAt ? { externalDueAt: instantOf(v.externalDueAt)! } : {}) } : {};
    return take(api.POST('/api/v1/front-desk-orders', { body: { ...report, ...set('callerName', v), ...set('callerPhone', v), ...hotline }, headers }));
  }, {
    fields: ['where', 'category', 'title', 'description', 'callerName', 'callerPhone', 'externalNumber', 'externalDueAt'],
    check: (v) => ({
      where: Object.keys(v.where).length > 0 ? undefined : t('front-desk.required.place'),
      category: v.category ? undefined : t('front-desk.required.category'),
      callerPhone: v.kind === 'inspection' || v.callerPhone.trim() === '' || phoneForm.test(v.callerPhone.replaceAll(/\s/g, '')) ? undefined : t('front-desk.required.phone'),
    }),
  });

  watch(place, (now) => { form.values.where = now?.where ?? {}; if (now) form.touch('where'); });
  watch(category, (now) => { form.values.category = now?.key ?? ''; if (now) form.touch('category'); });

  const nameOf = (c: Category) => (locale.value === 'en' ? c.nameEn : c.nameZh);
  async function findCategories(words: string, signal: AbortSignal): Promise<CategoryOption[]> {
    const tree = await take(api.GET('/api/v1/work-order-categories', { params: { query: words ? { q: words } : {} }, signal }));
    const found = words ? (tree.found ?? []) : (tree.groups ?? []).flatMap((g) => g.categories ?? []);
    return found.map((c) => ({ key: c.code, title: nameOf(c), hint: t(`orders.severity.${c.severity as 'normal'}`), category: c }));
  }

  /** What is open of the same kind in the same area, the same place first. */
  const similar = useLoad(async (signal) => {
    const [at, what] = [place.value, category.value];
    if (!at || !what) return [];
    const query = { category: what.key, open: true, limit: 20, ...(at.serviceAreaId ? { serviceAreaId: at.serviceAreaId } : {}) };
    const found = (await take(api.GET('/api/v1/work-orders', { params: { query }, signal }))).items ?? [];
    const same = (o: Schemas['OrderView']) => (at.where.unitId !== undefined && o.place.unitId === at.where.unitId) || (at.where.publicAreaId !== undefined && o.place.publicAreaId === at.where.publicAreaId);
    return found.map((order) => ({ order, same: same(order) })).sort((a, b) => Number(b.same) - Number(a.same)).slice(0, 5);
  }, [() => place.value?.key, () => category.value?.key]);

  async function submit(): Promise<boolean> {
    const made = await form.submit();
    if (made) receipt.value = made;
    return made !== undefined;
  }

  function next(): void {
    Object.assign(form.values, { ...empty, kind: form.values.kind });
    place.value = category.value = receipt.value = undefined;
  }

  return { form, place, category, kinds, receipt, similar, submit, next, findPlaces: (words: string, signal: AbortSignal) => places.find(words, signal), findCategories };
}
