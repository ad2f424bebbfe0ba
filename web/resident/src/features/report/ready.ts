import { onScopeDispose } from 'vue';

import { recall } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useHomes } from '@/app/homes';

import { useGroups } from './categories';
import { useAround } from './places';

/** How long after the first page: what the person came for goes first on a slow line. */
const later = 15_000;

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
    await Promise.all([groups(signal), around(signal)]).catch(() => undefined); // then the next time
  }
  return () => void (timer = setTimeout(() => void fill(), later));
}
