import { recall } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useHomes } from '@/app/homes';

import { useGroups } from './categories';
import { useAround } from './places';

/** Keeps on the phone what a report needs, so that also the first one can be written without a signal. Once for as long as copies last. Called in setup. */
export function useReadyToReport(): () => Promise<void> {
  const session = useSession();
  const { current } = useHomes();
  const [groups, around] = [useGroups(), useAround(current)];
  return async () => {
    if (!current.value || (await recall(session.account?.account ?? '', 'categories'))) return;
    const { signal } = new AbortController();
    await Promise.all([groups(signal), around(signal)]).catch(() => undefined); // then the next time
  };
}
