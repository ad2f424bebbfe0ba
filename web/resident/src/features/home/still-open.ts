import type { Api, Schemas } from '@redproperty/shared/api/client';

import type { Home } from '@/app/homes';
import { envelopeOf, ownLine, standing } from '@/features/survey/round';
import { ownHeads, type Own } from '@/features/votes/vote';

/** Whether one of the homes has still to answer in a survey. What this device has a receipt for is answered; the server does not know it. */
export async function stillToAnswer(api: Api, homes: Home[], round: Schemas['Round'], signal: AbortSignal): Promise<boolean> {
  const stand = async (home: Home) => {
    if (home.role === 'helper') return 'helper';
    const [own, envelope] = await Promise.all([ownLine(api, round.id, home.unit, signal), envelopeOf(round.id, home.unit)]);
    return standing({ round, own, envelope }, home, false);
  };
  return (await Promise.all(homes.map(stand))).some((s) => s === 'may' || s === 'insecure' || s === 'unkept');
}

/** A line without a ballot whose owner has given nobody else the authority to vote. */
const waits = (own: Own) => !own.ballot && (own.delegate || !own.proxy?.takenAt);

/** Whether the person has still to vote for a line of the roll. */
export const stillToVote = async (api: Api, vote: Pick<Schemas['Vote'], 'id'>, signal: AbortSignal): Promise<boolean> => (await ownHeads(api, vote.id, signal)).some(waits);

/** Those of a list for which `is` comes true. */
export async function filtered<T>(items: T[] | null | undefined, is: (item: T) => Promise<boolean>): Promise<T[]> {
  const all = items ?? [];
  const keep = await Promise.all(all.map(is));
  return all.filter((_, i) => keep[i]);
}
