import { computed, type Ref } from 'vue';

import { useLoad } from '@redproperty/shared/composables/use-load';

import { findCategory, useGroups, useWords } from '@/features/report/categories';

import type { Detail } from './order';

/** What a resident is told about who is responsible instead, where an order was not accepted. */
export function useDeclineChannel(order: Ref<Detail | undefined>) {
  const { pick } = useWords();
  const wanted = computed(() => order.value?.declineChannel);
  const load = useGroups();
  const groups = useLoad((signal) => (wanted.value ? load(signal) : Promise.resolve([])), wanted);
  return computed(() => {
    const all = groups.data.value ?? [];
    const category = order.value && findCategory(all, order.value.category);
    const told = category?.responsibility === wanted.value ? category : all.flatMap((g) => g.categories ?? []).find((c) => c.responsibility === wanted.value);
    return told ? pick(told.channelZh, told.channelEn) : undefined;
  });
}
