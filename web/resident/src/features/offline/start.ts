import type { Api } from '@redproperty/shared/api/client';
import { sweepKept } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useOutbox } from './outbox';
import { useDevice } from './state';
import { registerWorker } from './worker';

/** After the first page is there: keeps the pages on the device, and sends what was left unsent whenever there is a chance. Called in setup. */
export function useBeginning(api: Api): () => void {
  const outbox = useOutbox();
  const session = useSession();
  const device = useDevice();

  async function chance(): Promise<void> {
    if (session.state !== 'in' || !navigator.onLine) return;
    if (session.copied) await session.load(api).catch(() => undefined);
    await outbox.run().catch(() => undefined);
  }

  return () => {
    void sweepKept();
    void outbox.look().then(() => (outbox.waiting.length > 0 ? chance() : undefined));
    globalThis.addEventListener('online', () => void chance());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && (outbox.waiting.length > 0 || session.copied) && void chance());
    if (device.online) void registerWorker().catch(() => undefined); // a browser without it has no offline pages, and says so by itself
  };
}
