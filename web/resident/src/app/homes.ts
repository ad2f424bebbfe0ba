import { computed } from 'vue';

import { useSession } from '@redproperty/shared/session/session';

import { householdRoles } from './roles';

/** A dwelling in whose household the person is, with the words for where it is. */
export interface Home {
  /** The membership, as a capacity. */
  capacity: string;
  role: string;
  /** For whom one acts here as a helper, masked. */
  helps?: string | undefined;
  unit: string;
  serviceArea: string;
  buildingName: string;
  /** "1号楼 1单元 101" */
  place: string;
  /** "宁海花园一期" */
  estate: string;
}

/** The homes of the person who is logged in, and the one that the pages are about. A membership in a dwelling that is no more is none. */
export function useHomes() {
  const session = useSession();
  const homes = computed(() => session.capacities.flatMap((c): Home[] => {
    if (!c.unit || !c.home || !householdRoles.includes(c.role)) return [];
    return [{ capacity: c.id, role: c.role, helps: c.helps, unit: c.unit, serviceArea: c.home.serviceArea, buildingName: c.home.building, place: c.home.address, estate: c.home.estate }];
  }));
  return {
    homes,
    current: computed(() => homes.value.find((h) => h.capacity === session.capacity) ?? homes.value[0]),
    /** Makes it the home that the pages are about, and the capacity in which the person acts. */
    choose: (home: Home) => session.prefer(home.capacity),
  };
}
