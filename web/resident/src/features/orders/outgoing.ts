import { take } from '@redproperty/shared/api/client';

import type { Handler } from '@/features/offline/handlers';

/** A message to the other side of an order. */
const message: Handler<{ text: string }> = {
  name: 'orders.message.one',
  async send(api, { about, input }, { headers, signal }) {
    await take(api.POST('/api/v1/work-orders/{id}/messages', { params: { path: { id: about } }, body: { text: input.text }, headers, signal }));
    return {};
  },
  page: ({ about }) => `/orders/${about}`,
};

/** What a resident does to an order and what goes through the queue. */
export const outgoing = { message };
