import { onScopeDispose } from 'vue';

import { recall } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useHomes } from '@/app/homes';

import { useGroups } from './categories';
import { useAround } from './places';

/** How long after the first page is there its pictures and lists may still come: what the person came for goes first on a slow line. */
const later = 2000;
/** How long a phone that is never idle is waited for. */
const patience = 5000;

/** Runs it when nothing else is to be done. Some web views do not tell when that is. */
const whenIdle = (run: () => void) => ('requestIdleCallback' in globalThis ? void requestIdleCallback(run, { timeout: patience }) : run());

/** Keeps on the phone what a report needs, so that also the first one can be written without a signal. Once for as long as copies last. Called in setup. */
export function useReadyToReport(): () => void {
  const session = useSession();
  const { current } = useHomes();
  const [groups, around] = [useGroups(), useAround(current)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  async function fill(): Promise<void> {
    if (!current.value || !navigator.onLine || (await recall(session.account?.account ?? '', 'categories'))) return;
    const { signal } = new AbortController();
    await groups(signal).then(() => around(signal)).catch(() => undefined); // one after the other, to leave the line to the person; what fails is asked for the next time
  }
  return () => void (timer = setTimeout(() => whenIdle(() => void fill()), later));
}
