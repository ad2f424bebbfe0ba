import { reactive, watch, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

/** The orders that rows name, each asked for once, one after another: a phone's line is thin. */
export function useOrdersOf(rows: Ref<{ orderId: string }[]>) {
  const api = useApi();
  const orders = reactive(new Map<string, Schemas['OrderView']>());
  const asked = new Set<string>();
  let line = Promise.resolve();
  watch(rows, (now) => {
    for (const { orderId } of now) {
      if (asked.has(orderId)) continue;
      asked.add(orderId);
      line = line.then(() => take(api.GET('/api/v1/work-orders/{id}', { params: { path: { id: orderId } } })).then((order) => void orders.set(orderId, order), () => void asked.delete(orderId)));
    }
  }, { immediate: true });
  return orders;
}
