import { computed } from 'vue';
import { defineStore } from 'pinia';

import { take, type Api } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad } from '@redproperty/shared/composables/use-load';
import { useSession, type Capacity } from '@redproperty/shared/session/session';

import { useKeptLoad } from '@/features/offline/kept-load';

import { householdRoles } from './roles';

/** A dwelling in whose household the person is, with the words for where it is. */
export interface Home {
  /** The membership, as a capacity. */
  capacity: string;
  role: string;
  unit: string;
  serviceArea: string;
  buildingName: string;
  /** "1号楼1单元101" */
  place: string;
  /** "宁海花园" */
  estate: string;
}

async function describe(api: Api, c: Capacity, unitId: string): Promise<Home> {
  const unit = await take(api.GET('/api/v1/units/{unitId}', { params: { path: { unitId } } }));
  const [building, serviceArea] = await Promise.all([
    take(api.GET('/api/v1/buildings/{buildingId}', { params: { path: { buildingId: unit.buildingId } } })),
    take(api.GET('/api/v1/service-areas/{serviceAreaId}', { params: { path: { serviceAreaId: unit.serviceAreaId } } })),
  ]);
  return {
    capacity: c.id, role: c.role, unit: unit.id, serviceArea: serviceArea.id, buildingName: building.name,
    place: `${building.name}${unit.entrance ?? ''}${unit.number}`, estate: serviceArea.estateName,
  };
}

/** The descriptions asked for so far, by capacity: every page shows where one is, and asks once. */
const useDescriptions = defineStore('homes', () => {
  const asked = new Map<string, Promise<Home>>();
  function of(api: Api, c: Capacity, unit: string): Promise<Home> {
    const known = asked.get(c.id);
    if (known) return known;
    const asking = describe(api, c, unit);
    asking.catch(() => asked.delete(c.id));
    asked.set(c.id, asking);
    return asking;
  }
  return { of };
});

/** The homes of the person who is logged in, and the one that the pages are about. */
export function useHomes() {
  const api = useApi();
  const session = useSession();
  const descriptions = useDescriptions();
  const memberships = computed(() => session.capacities.flatMap((c) => (c.unit && householdRoles.includes(c.role) ? [{ ...c, unit: c.unit }] : [])));
  const { data, error, loading, reload } = useLoad(
    useKeptLoad(() => `homes/${memberships.value.map((c) => c.id).join()}`, () => Promise.all(memberships.value.map((c) => descriptions.of(api, c, c.unit)))),
    () => memberships.value.map((c) => c.id).join(),
  );
  const homes = computed(() => data.value ?? []);
  return {
    homes, error, loading, reload,
    current: computed(() => homes.value.find((h) => h.capacity === session.capacity) ?? homes.value[0]),
    /** Makes it the home that the pages are about, and the capacity in which the person acts. */
    choose: (home: Home) => session.prefer(home.capacity),
  };
}
