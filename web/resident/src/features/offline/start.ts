import { useRoute, useRouter } from 'vue-router';

import type { Api } from '@redproperty/shared/api/client';
import { sweepKept } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useOutbox } from './outbox';
import { useDevice } from './state';
import { registerWorker } from './worker';

/** Once for the page, however often people log in and out on it. */
let begun = false;

/** After the first page is there: keeps the pages on the device, and sends what was left unsent whenever there is a chance. Called in setup. */
export function useBeginning(api: Api): () => void {
  const outbox = useOutbox();
  const session = useSession();
  const device = useDevice();
  const route = useRoute();
  const router = useRouter();

  async function chance(): Promise<void> {
    if (session.state !== 'in' || !navigator.onLine) return;
    if (session.copied) await session.load(api).catch(() => undefined);
    // The log-in had ended while there was no network, and was not renewed over the page: back here once it is.
    if (session.account === undefined) return void (await router.replace({ name: 'login', query: { back: route.fullPath } }));
    await outbox.run().catch(() => undefined);
  }

  return () => {
    void outbox.look().then(() => (outbox.waiting.length > 0 ? chance() : undefined)); // also after a log-in on the same page
    if (begun) return;
    begun = true;
    void sweepKept();
    globalThis.addEventListener('online', () => void chance());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && (outbox.waiting.length > 0 || session.copied) && void chance());
    if (device.online) void registerWorker().catch(() => undefined); // a browser without it has no offline pages, and says so by itself
  };
}
