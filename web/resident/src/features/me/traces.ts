import { useSession } from '@redproperty/shared/session/session';

import { useOutbox } from '@/features/offline/outbox';
import { keptDraft } from '@/features/report/draft';

/** What the person who is logged in has written on this device and not sent. In setup. */
export function useTraces() {
  const session = useSession();
  const outbox = useOutbox();
  const draft = keptDraft(session.account?.account ?? '');
  return {
    outbox,
    draft,
    /** Takes it off the device; while it is still known whose it is. */
    async forget(): Promise<void> {
      await outbox.erase('mine').catch(() => undefined); // a browser that keeps nothing has nothing to erase
      draft.clear();
    },
  };
}
