import { computed, type Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useAction, type Attempt } from '@redproperty/shared/composables/use-action';
import { useList } from '@redproperty/shared/composables/use-list';
import { useLoad } from '@redproperty/shared/composables/use-load';

export type Answer = Schemas['OrderAnswer'];

/** The order that a follow token opens, and what its holder may do. The token travels in bodies only, so that no log keeps it. */
export function useFollowed(token: Ref<string>) {
  const api = useApi();
  const order = useLoad((signal) => take(api.POST('/api/v1/work-order-links/status', { body: { token: token.value }, signal })), token);
  const messages = useList((cursor, signal) => take(api.POST('/api/v1/work-order-links/message-list', { body: { token: token.value, ...(cursor ? { cursor } : {}) }, signal })), token);
  const openings = useLoad((signal) => take(api.POST('/api/v1/work-order-links/identity-openings', { body: { token: token.value }, signal })), token);

  const answer = useAction(async ({ headers }, solved: boolean, reason?: string, rating?: Answer) => {
    order.data.value = await take(api.POST('/api/v1/work-order-links/answer', { body: { token: token.value, solved, ...(reason ? { reason } : {}), ...(rating ? { rating } : {}) }, headers }));
    return true;
  });

  return {
    order, messages, openings, answer,
    gone: computed(() => order.error.value?.notFound === true),
    write: ({ headers }: Attempt, text: string) => take(api.POST('/api/v1/work-order-links/messages', { body: { token: token.value, text }, headers })),
    press: ({ headers }: Attempt, kind: Schemas['PressureFields']['kind'], text: string) => take(api.POST('/api/v1/work-order-links/pressure-reports', { body: { token: token.value, kind, ...(text ? { text } : {}) }, headers })),
  };
}
