import { computed } from 'vue';

import { useSession } from '@redproperty/shared/session/session';

import { features } from './features';

/** A tab at the bottom of the phone. */
export interface Entry {
  to: string;
  /** Key of its name. */
  label: string;
  /** Name of the icon in Vant's font. */
  icon: string;
  /** Place among the tabs, from the left. */
  order: number;
  /** The roles that see it; all where it is left out. */
  roles?: string[];
}

/** The tabs of the person who is logged in. Who has no capacity yet sees what residents see. */
export function useTabs() {
  const session = useSession();
  const sees = (e: Entry) => !e.roles || session.hasRole(...e.roles) || (session.capacities.length === 0 && e.roles.includes('owner'));
  return computed(() => features.flatMap((f) => f.navigation ?? []).filter(sees).sort((a, b) => a.order - b.order));
}
