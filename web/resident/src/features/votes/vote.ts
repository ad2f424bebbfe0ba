import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { ApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { useSession } from '@redproperty/shared/session/session';

import { useKept } from '@/features/offline/kept-load';

export type Vote = Schemas['Seen'];
export type Own = Schemas['Own'];

/** A vote with what a resident may know of it. */
export interface VoteAtHome {
  vote: Vote;
  /** The lines that the person votes for; none for who is no owner, and before the roll is posted. */
  own: Own[];
  documents: Schemas['VoteDocument'][];
  support: Schemas['Support'] | undefined;
  orders: Schemas['Order'][];
  openings: Schemas['Opening'][];
}

/** How far a vote is, as people see it. */
export type Phase = 'proposal' | 'coming' | 'open' | 'counting' | 'over' | 'cancelled';

const phases: Record<Vote['state'], Phase> = {
  proposed: 'proposal', announced: 'coming', roll_posted: 'coming', open: 'open', extended: 'open', closed: 'counting', counted: 'counting',
  published: 'over', effective: 'over', ordered: 'over', revoked: 'over', cancelled: 'cancelled',
};

export const phase = (vote: Pick<Vote, 'state'>): Phase => phases[vote.state];

/** What who does not live or own there may not ask for is nothing to them. */
function none<T>(thrown: unknown): T[] {
  if (thrown instanceof ApiError && thrown.status === 403) return [];
  throw thrown;
}

/** The lines that the person votes for. */
export const ownHeads = (api: Api, vote: string, signal: AbortSignal): Promise<Own[]> =>
  take(api.GET('/api/v1/votes/{voteId}/own-heads', { params: { path: { voteId: vote } }, signal })).then((p) => p.items ?? []).catch(none<Own>);

/** Loads a vote with everything that its page shows. */
export function useVoteAtHome(id: () => string) {
  const api = useApi();
  const session = useSession();
  return useKept<VoteAtHome>(() => `vote/${id()}`, async (signal) => {
    const at = { params: { path: { voteId: id() } }, signal };
    const [vote, own, documents, openings] = await Promise.all([
      take(api.GET('/api/v1/votes/{voteId}', at)),
      session.can('vote.cast') ? ownHeads(api, id(), signal) : [],
      take(api.GET('/api/v1/votes/{voteId}/documents', at)),
      take(api.GET('/api/v1/votes/{voteId}/openings', at)),
    ]);
    const [support, orders] = await Promise.all([
      vote.state === 'proposed' && session.can('vote.propose') ? take(api.GET('/api/v1/votes/{voteId}/support', at)) : undefined,
      phase(vote) === 'over' ? take(api.GET('/api/v1/votes/{voteId}/orders', at)).then((p) => p.items ?? []) : [],
    ]);
    return { vote, own, documents: documents.items ?? [], support, orders, openings: openings.items ?? [] };
  }, id);
}

/** The units of a line in words: the first ones' addresses; a company's or the developer's can be hundreds. */
export function place({ units }: Pick<Own, 'units'>): string {
  const labels = (units ?? []).map((u) => u.label);
  return labels.slice(0, 4).join('、') + (labels.length > 4 ? ' …' : '');
}
