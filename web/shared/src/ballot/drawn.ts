import { base64url, fromBase64url, idBytes, utf8 } from './bytes';
import { digest, labels } from './hash';
import type { DrawSeal } from './leaf';
import { rootOf } from './ledger';

/** A dwelling's own line in a round, as the server shows it to its household alone. */
export interface OwnLine {
  dwellingId: string;
  nonce: string;
  stratum?: string;
  drawnOn?: string;
}

/**
 * What the sealed list of a day says of a dwelling. "wrong": the list is not the one that was sealed, leaves the dwelling out, or says
 * something else than the server says to the household.
 */
export interface SealedDraw {
  day: string;
  said: 'drawn' | 'not_drawn' | 'wrong';
}

/** What hides in a day's list whether a dwelling had drawn a ballot. */
export const drawCommitment = async (round: string, day: string, dwelling: string, nonce: string, drawn: boolean): Promise<string> =>
  base64url(await digest(labels.draw, idBytes(round), utf8(day), idBytes(dwelling), fromBase64url(nonce, 32), Uint8Array.of(drawn ? 1 : 0)));

/** Looks a dwelling up in the list that was published for a seal. */
export async function lookUp(seal: DrawSeal, list: string[], own: OwnLine): Promise<SealedDraw> {
  const ascending = list.every((c, i) => i === 0 || compare(list[i - 1] ?? '', c) < 0);
  if (list.length !== seal.count || !ascending) return { day: seal.day, said: 'wrong' };
  const root = base64url(await rootOf(list.map((c) => fromBase64url(c, 32))));
  const [yes, no] = await Promise.all([true, false].map(async (drawn) => list.includes(await drawCommitment(seal.round, seal.day, own.dwellingId, own.nonce, drawn))));
  const told = own.drawnOn !== undefined && own.drawnOn <= seal.day;
  if (root !== seal.root || yes === no || yes !== told) return { day: seal.day, said: 'wrong' };
  return { day: seal.day, said: yes ? 'drawn' : 'not_drawn' };
}

/** Compares hashes by their bytes: base64url does not ascend as they do. */
function compare(a: string, b: string): number {
  const [x, y] = [fromBase64url(a, 32), fromBase64url(b, 32)];
  const at = x.findIndex((byte, i) => byte !== y[i]);
  return at < 0 ? 0 : (x[at] ?? 0) - (y[at] ?? 0);
}
