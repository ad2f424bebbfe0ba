import type { Component } from 'vue';
import { computed } from 'vue';

import { useSession } from '@redproperty/shared/session/session';

import { features } from './features';

/** Groups of the side navigation, in this order. */
export const groups = ['work', 'places', 'contracts', 'surveys', 'owners', 'renovation', 'oversight', 'people', 'system'] as const;
export type Group = (typeof groups)[number];

/** An entry of the side navigation. */
export interface Entry {
  to: string;
  /** Key of its name. */
  label: string;
  icon: Component;
  group: Group;
  /** Place within its group. */
  order: number;
  /** Permissions of which any one lets a person see it; everybody where it is left out. */
  any?: string[];
  /** The permission counts only where a post has it: residents have nothing to read there. */
  post?: boolean;
}

/** The entry below which a page stands, so that an order or a contract shows where it belongs; undefined where none leads to it. */
export function entryOf<E extends { to: string }>(entries: E[], path: string): E | undefined {
  const above = entries.filter((e) => path === e.to || (e.to !== '/' && path.startsWith(`${e.to}/`)));
  return above.sort((a, b) => b.to.length - a.to.length)[0];
}

/** The side navigation of the person who is logged in, by group. */
export function useNavigation() {
  const session = useSession();
  return computed(() => {
    const entries = features.flatMap((f) => f.navigation ?? []).filter((e) => !e.any || (e.post ? session.atWork(...e.any) : session.can(...e.any))).sort((a, b) => a.order - b.order);
    return groups.map((group) => ({ group, entries: entries.filter((e) => e.group === group) })).filter((g) => g.entries.length > 0);
  });
}
