import { computed, reactive, ref, watch } from 'vue';
import { useRoute } from 'vue-router';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useList } from '@redproperty/shared/composables/use-list';

import { useOrderChanges } from './changes';
import { fromQuery, toRequest } from './filters';

const pageSize = 50;

/** The list behind the page of orders: filters from the address, a cursor, what is selected, and changes as they come. */
export function useOrderList() {
  const api = useApi();
  const route = useRoute();
  const asked = computed(() => {
    const { order: _, ...rest } = route.query;
    return JSON.stringify(rest);
  });
  const filters = computed(() => fromQuery(JSON.parse(asked.value) as typeof route.query));
  const list = useList((cursor, signal) => take(api.GET('/api/v1/work-orders', { params: { query: { ...toRequest(filters.value), cursor, limit: pageSize } }, signal })), asked);
  const cursor = ref(0);
  const selected = reactive(new Set<string>());
  /** How many orders changed that are not on the screen. */
  const unseen = reactive(new Set<string>());
  const chosen = computed(() => list.items.value.filter((o) => selected.has(o.id)));

  watch(asked, () => {
    cursor.value = 0;
    selected.clear();
  });
  watch(list.items, () => unseen.clear());
  watch(() => [route.query['order'], list.items.value] as const, ([id]) => {
    const at = list.items.value.findIndex((o) => o.id === id);
    if (at >= 0) cursor.value = at;
  });

  /** Brings one row up to date in its place. */
  async function patch(id: string): Promise<void> {
    if (!list.items.value.some((o) => o.id === id)) return;
    const now: Schemas['OrderView'] | undefined = await take(api.GET('/api/v1/work-orders/{id}', { params: { path: { id } } })).catch(() => undefined);
    if (now) list.items.value = list.items.value.map((o) => (o.id === id && now.version >= o.version ? now : o));
  }

  const stream = useOrderChanges({
    change: (c) => {
      const row = list.items.value.find((o) => o.id === c.order);
      if (!row) unseen.add(c.order);
      else if (row.version < c.seq) void patch(c.order);
    },
    refetch: () => { if (list.items.value.length <= pageSize) void list.reload(); else unseen.add(''); },
    gone: (id) => (list.items.value = list.items.value.filter((o) => o.id !== id)),
  });

  return {
    list, filters, cursor, selected, stream, patch, chosen, fresh: computed(() => unseen.size),
    toggle: (id: string) => void (selected.delete(id) || selected.add(id)),
    toggleAll: () => {
      const all = list.items.value.every((o) => selected.has(o.id));
      for (const o of list.items.value) if (all) selected.delete(o.id); else selected.add(o.id);
    },
  };
}
