import { defineStore } from 'pinia';
import { ref } from 'vue';

import { take, type Api } from '@redproperty/shared/api/client';

/** How many messages are unread, for the bell and the inbox together. */
export const useUnread = defineStore('unread', () => {
  const count = ref(0);
  let asking = 0;

  /** Asks again. Of several questions the latest counts; without an answer the old number stays. */
  async function ask(api: Api): Promise<void> {
    const mine = ++asking;
    const answer = await take(api.GET('/api/v1/inbox/unread-count')).catch(() => undefined);
    if (answer && mine === asking) count.value = answer.unread;
  }

  return { count, ask };
});
