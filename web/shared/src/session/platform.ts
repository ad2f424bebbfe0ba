import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';

import { take, type Api, type Schemas } from '../api/client';

export type Platform = Schemas['Facts'];
export type DemoAccount = Schemas['DemoAccount'];

/** What everybody may know of the platform: its version, emergency numbers, who runs it, whether it is a demonstration. */
export const usePlatform = defineStore('platform', () => {
  const facts = shallowRef<Platform>();
  const accounts = shallowRef<DemoAccount[]>([]);
  const asked = ref(false);

  /** Asks once. Without an answer the pages do without: nothing waits for it. */
  async function load(api: Api): Promise<void> {
    if (asked.value) return;
    asked.value = true;
    try {
      facts.value = await take(api.GET('/api/v1/platform'));
      if (facts.value.demonstrationAccounts) accounts.value = (await take(api.GET('/api/v1/platform/demonstration-accounts'))) ?? [];
    } catch {
      asked.value = false; // the next page that shows it asks again
    }
  }

  return { facts, accounts, load };
});
