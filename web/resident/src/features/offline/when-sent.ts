import { onScopeDispose, watch } from 'vue';

import { useOutbox } from './outbox';

/** How long after one thing was sent the next is waited for, so that a list is loaded once for all of them. */
const settled = 800;

/** Loads a list anew after things in it were sent, from this page or another tab: it shows what came of them. Called in setup. */
export function useWhenSent(reload: () => Promise<void>): void {
  const outbox = useOutbox();
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(() => outbox.waiting.length, (now, before) => {
    if (now >= before) return;
    clearTimeout(timer);
    timer = setTimeout(() => void reload(), settled);
  });
  onScopeDispose(() => clearTimeout(timer));
}
