import { defineStore } from 'pinia';
import { reactive } from 'vue';

import { take, type Api } from '@redproperty/shared/api/client';

import { door } from './places';

/** Addresses of units by their id, each asked for once. */
export const useUnitNames = defineStore('unit-names', () => {
  const names = reactive(new Map<string, string>());
  const asked = new Set<string>();

  async function ask(api: Api, id: string): Promise<void> {
    const unit = await take(api.GET('/api/v1/units/{unitId}', { params: { path: { unitId: id } } }));
    const building = await take(api.GET('/api/v1/buildings/{buildingId}', { params: { path: { buildingId: unit.buildingId } } }));
    names.set(id, `${building.name} ${door(unit)}`);
  }

  /** Building, entrance and number; empty until they are known, and where they may not be read. */
  function of(api: Api, id: string): string {
    if (!asked.has(id)) {
      asked.add(id);
      ask(api, id).catch(() => asked.delete(id));
    }
    return names.get(id) ?? '';
  }

  return { of };
});
