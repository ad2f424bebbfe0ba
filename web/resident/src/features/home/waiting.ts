import type { Ref } from 'vue';

import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { useSession } from '@redproperty/shared/session/session';

import type { Home } from '@/app/homes';
import { useKept } from '@/features/offline/kept-load';

import { filtered, stillToAnswer, stillToVote } from './still-open';

/** Rows of each kind that the start page shows; the rest is one tap away. */
const few = 3;
/** So many are looked through for those that wait: an older one is not hidden by newer ones that are done. */
const looked = 10;

export interface Waiting {
  /** Orders whose next move is the person's. */
  toConfirm: Schemas['OrderView'][];
  /** Orders under way. */
  open: Schemas['OrderView'][];
  applications: Schemas['ApplicationView'][];
  /** Surveys that are open and that a home of the person has still to answer. */
  rounds: Schemas['Round'][];
  /** Owners' votes that are open, with a line that the person has still to vote for. */
  votes: Schemas['Vote'][];
  unread: number;
  /** How many orders wait, are open and are late in all. */
  counts: Pick<Schemas['OrderSummary'], 'waitingForMe' | 'open' | 'overdue'>;
}

/** What waits for a resident and what is under way, for the start page; nothing for who has no household. */
export function useWaiting(resident: Ref<boolean>, homes: Ref<Home[]>) {
  const api = useApi();
  const session = useSession();
  return useKept<Waiting | undefined>(() => 'start', async (signal) => {
    if (!resident.value) return undefined;
    const orders = (query: { waitingForMe?: boolean; open?: boolean }) => take(api.GET('/api/v1/work-orders', { params: { query: { ...query, limit: 2 * few } }, signal }));
    const toAnswer = async () => {
      if (!session.vouched && !session.can('survey.draw')) return [];
      const { items } = await take(api.GET('/api/v1/survey-rounds', { params: { query: { state: ['open'], limit: looked } }, signal }));
      return session.vouched ? (items ?? []) : filtered(items, (r) => stillToAnswer(api, homes.value, r, signal)); // a ticket sees no household's line
    };
    const toVote = async () => {
      if (!session.can('vote.cast')) return [];
      const { items } = await take(api.GET('/api/v1/votes', { params: { query: { state: ['open', 'extended'], limit: looked } }, signal }));
      return filtered(items, (v) => stillToVote(api, v, signal));
    };
    const [toConfirm, open, counts, applications, rounds, votes, unread] = await Promise.all([
      orders({ waitingForMe: true }),
      orders({ open: true }),
      take(api.GET('/api/v1/work-orders/summary', { signal })),
      session.vouched ? [] : take(api.GET('/api/v1/me/household-applications', { signal })),
      toAnswer(),
      toVote(),
      take(api.GET('/api/v1/inbox/unread-count', { signal })),
    ]);
    return {
      toConfirm: (toConfirm.items ?? []).slice(0, few),
      open: (open.items ?? []).filter((o) => o.waitingFor !== 'resident').slice(0, few),
      counts,
      applications: (applications ?? []).filter((a) => a.state === 'pending'),
      rounds: rounds.slice(0, few),
      votes: votes.slice(0, few),
      unread: unread.unread,
    };
  }, resident);
}
