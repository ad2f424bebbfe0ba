import { computed, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad } from '@redproperty/shared/composables/use-load';

import type { Home } from '@/app/homes';
import { useKeptLoad } from '@/features/offline/kept-load';

import type { Category } from './categories';
import type { Draft } from './draft';

export type Where = Schemas['ReportWhere'];

/** The most characters that the server takes for the exact spot. */
export const mostDetail = 100;

/** The loading of what is known of the place where the person lives, which goes on without the network. Called in setup. */
export function useAround(home: Ref<Home | undefined>) {
  const api = useApi();
  const serviceArea = computed(() => home.value?.serviceArea);
  return useKeptLoad(() => `around/${serviceArea.value ?? ''}`, async (signal) => {
    if (serviceArea.value === undefined) return undefined;
    const params = { path: { serviceAreaId: serviceArea.value } };
    const [areas, terms] = await Promise.all([
      take(api.GET('/api/v1/service-areas/{serviceAreaId}/public-areas', { params: { ...params, query: { limit: 200 } }, signal })),
      take(api.GET('/api/v1/service-areas/{serviceAreaId}/contract-terms', { params, signal })),
    ]);
    return { publicAreas: areas.items ?? [], promises: terms.contract?.sla ?? [], handler: terms.handler };
  });
}

/** What is known of the place where the person lives: its public areas and what the contract promises. */
export function useSurroundings(home: Ref<Home | undefined>) {
  return useLoad(useAround(home), () => home.value?.serviceArea);
}

/** Whether a report of this category may stay without a name: the danger or defect speaks for itself. */
export function mayBeUnnamed(category: Category): boolean {
  return category.emergency !== undefined || category.identityRule !== 'home_repair';
}

/** The place that a category most likely is about; empty where the person has to say. */
export function likelyPlace(category: Category, unnamed: boolean): string {
  if (category.identityRule === 'home_repair' && !unnamed) return 'home';
  if (category.identityRule === 'conduct') return 'whole';
  return '';
}

/** The place as the API takes it. A building as such is no place of a report: the service area is, and the words name the building. */
export function whereOf(draft: Draft, home: Home, buildingName: string): Where {
  const detail = draft.detail.trim();
  if (draft.place === 'home') return { unitId: home.unit, detail };
  if (draft.place.startsWith('public:')) return { publicAreaId: draft.place.slice('public:'.length), detail };
  const spot = draft.place === 'building' ? `${buildingName} ${detail}`.trim() : detail;
  return { serviceAreaId: home.serviceArea, detail: Array.from(spot).slice(0, mostDetail).join('') };
}
