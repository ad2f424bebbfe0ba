import { reactive, watch, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import { useKeptLoad } from '@/features/offline/kept-load';

/** The orders that rows name, each asked for once, one after another: a phone's line is thin. Read without a network too. */
export function useOrdersOf(rows: Ref<{ orderId: string }[]>) {
  const api = useApi();
  const orders = reactive(new Map<string, Schemas['OrderView']>());
  const asked = new Set<string>();
  let line = Promise.resolve();
  let wanted = '';
  const load = useKeptLoad(() => `called/${wanted}`, (signal) => take(api.GET('/api/v1/work-orders/{id}', { params: { path: { id: wanted } }, signal })));
  const { signal } = new AbortController();

  async function fetchOne(id: string): Promise<void> {
    wanted = id;
    await load(signal).then((order) => void orders.set(id, order), () => void asked.delete(id));
  }
  watch(rows, (now) => {
    for (const { orderId } of now) {
      if (asked.has(orderId)) continue;
      asked.add(orderId);
      line = line.then(() => fetchOne(orderId));
    }
  }, { immediate: true });
  return orders;
}
