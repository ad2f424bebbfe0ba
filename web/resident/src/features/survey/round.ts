import { ref } from 'vue';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { ApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad, type Load } from '@redproperty/shared/composables/use-load';
import { useSession } from '@redproperty/shared/session/session';
import { deviceStore } from '@redproperty/shared/ballot/store';
import { BallotError, canVote } from '@redproperty/shared/ballot/problem';
import type { Envelope } from '@redproperty/shared/ballot/envelope';

import type { Home } from '@/app/homes';
import { useFresh, useKeptLoad, type Kept } from '@/features/offline/kept-load';

export interface RoundAtHome {
  round: Schemas['RoundView'];
  /** What is asked; absent until the round opens. */
  paper: Schemas['Paper'] | undefined;
  /** The dwelling's line; absent where it has none. */
  own: Schemas['OwnDwelling'] | undefined;
  /** What this device keeps; "unkept" where the browser keeps nothing. */
  envelope: Envelope | 'unkept' | undefined;
}

/** Why a person cannot answer here, or "may" where they can. */
export type Standing = 'insecure' | 'unkept' | 'no-home' | 'soon' | 'over' | 'sample' | 'left-out' | 'tenant' | 'helper' | 'elsewhere' | 'vouched' | 'done' | 'may';

const notFound = (thrown: unknown): undefined => {
  if (thrown instanceof ApiError && thrown.notFound) return undefined;
  throw thrown;
};

/** What this device keeps of a dwelling's ballot. */
export async function envelopeOf(round: string, unit: string): Promise<RoundAtHome['envelope']> {
  if (!canVote()) return undefined;
  return deviceStore.envelope(round, unit).catch((thrown: unknown) => {
    if (thrown instanceof BallotError) return 'unkept' as const;
    throw thrown;
  });
}

/** The dwelling's line in a round; undefined where it has none. */
export const ownLine = (api: Api, round: string, unit: string, signal: AbortSignal) =>
  take(api.GET('/api/v1/survey-rounds/{roundId}/dwellings/{unitId}', { params: { path: { roundId: round, unitId: unit } }, signal })).catch(notFound);

/**
 * Loads a round with what it asks, the dwelling's line in it, and what this device keeps of its ballot; without the network what the server last said.
 * `unit` is the home for which the person answers.
 */
export function useRound(round: () => string, unit: () => string | undefined): Load<RoundAtHome> & Kept {
  const api = useApi();
  const session = useSession();
  const keptAt = ref<number>();
  const served = useKeptLoad(() => `survey/${round()}/${unit() ?? ''}`, async (signal) => {
    const path = { roundId: round() };
    const home = unit();
    const [view, paper, own] = await Promise.all([
      take(api.GET('/api/v1/survey-rounds/{roundId}', { params: { path }, signal })),
      take(api.GET('/api/v1/public/survey-rounds/{roundId}', { params: { path }, signal })).catch(notFound),
      home && !session.vouched ? ownLine(api, round(), home, signal) : undefined,
    ]);
    return { round: view, paper, own };
  }, { told: (at) => (keptAt.value = at) });
  const loaded = useLoad<RoundAtHome>(async (signal) => {
    const home = unit();
    const [{ round: view, paper, own }, envelope] = await Promise.all([served(signal), home ? envelopeOf(round(), home) : undefined]);
    return { round: view, paper, own, envelope };
  }, [round, unit]);
  useFresh(keptAt, loaded.reload);
  return { ...loaded, keptAt };
}

/** What decides where a home stands. */
type StandsOn = Pick<RoundAtHome, 'own' | 'envelope'> & { round: Pick<Schemas['RoundView'], 'state'> };

/** What the person can do in the round. */
export function standing({ round, own, envelope }: StandsOn, home: Pick<Home, 'role'> | undefined, vouched: boolean): Standing {
  if (round.state === 'draft' || round.state === 'frozen') return 'soon';
  if (round.state !== 'open') return 'over';
  if (!canVote()) return 'insecure';
  if (!home) return 'no-home';
  if (home.role === 'helper') return 'helper';
  if (vouched) return 'vouched';
  if (!own || own.leftOut) return 'left-out';
  if (!own.sampled) return 'sample';
  if (!own.mayDraw) return 'tenant';
  if (envelope === 'unkept') return 'unkept';
  if (envelope?.casts.some((c) => c.receipt)) return 'done';
  return own.drawnOn && !envelope?.pending && !envelope?.ballot ? 'elsewhere' : 'may';
}
