import { reactive, watch, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

/** The orders that rows name by their identifier only, each asked for once. A row without its order shows none. */
export function useOrdersOf(rows: Ref<{ orderId: string }[]>) {
  const api = useApi();
  const orders = reactive(new Map<string, Schemas['OrderView']>());
  const asked = new Set<string>();
  watch(rows, (now) => {
    for (const { orderId } of now) {
      if (asked.has(orderId)) continue;
      asked.add(orderId);
      take(api.GET('/api/v1/work-orders/{id}', { params: { path: { id: orderId } } })).then((order) => orders.set(orderId, order)).catch(() => asked.delete(orderId));
    }
  }, { immediate: true });
  return orders;
}
