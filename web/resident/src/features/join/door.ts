import { defineStore } from 'pinia';
import { computed, ref } from 'vue';

import type { Schemas } from '@redproperty/shared/api/client';

type Door = Schemas['Door'];

/** What was chosen on the way to one's own door, for its name on the pages that follow. */
export const useDoor = defineStore('door', () => {
  const place = ref<Schemas['JoinPlace']>();
  const building = ref<Schemas['JoinBuilding']>();
  const door = ref<Door>();
  /** Estate, building and door in words, as far as they were chosen. */
  const words = computed(() => [place.value && nameOf(place.value), building.value?.name, door.value && doorName(door.value)].filter(Boolean).join(' '));
  return { place, building, door, words };
});

/** An estate and its phase: one name where both are the same or one holds the other. */
export function nameOf(p: Pick<Schemas['JoinPlace'], 'estate' | 'name'>): string {
  if (p.name.includes(p.estate)) return p.name;
  return `${p.estate} ${p.name}`;
}

export const doorName = (d: Pick<Door, 'entrance' | 'number'>) => [d.entrance, d.number].filter(Boolean).join(' ');

const byNumber = new Intl.Collator('zh-CN', { numeric: true });

/** Doors by entrance, each in the order of its numbers. */
export function byEntrance(doors: Door[]): { name: string; doors: Door[] }[] {
  const groups = new Map<string, Door[]>();
  for (const d of doors) groups.set(d.entrance ?? '', [...(groups.get(d.entrance ?? '') ?? []), d]);
  return [...groups].sort(([a], [b]) => byNumber.compare(a, b)).map(([name, own]) => ({ name, doors: own.sort((a, b) => byNumber.compare(a.number, b.number)) }));
}
