import type { BlindRSA } from '@cloudflare/blindrsa-ts';

import { base64, base64url, concat, fromBase64, fromBase64url, random } from './bytes';
import { parseKey, type TrustedKey } from './key';
import { BallotError } from './problem';
import { messageOf, nameOf, tokenOf } from './token';

/**
 * A ballot that was blinded and not yet signed. It is kept before the signature is asked for, so that after a lost answer
 * the same blinded token is sent again. It holds the ballot's secret: it never leaves the device.
 */
export interface Pending {
  round: string;
  /** SubjectPublicKeyInfo of the key that is asked, base64. */
  key: string;
  keyId: string;
  secret: string;
  prefix: string;
  /** What the server signs without seeing the token, base64. */
  blinded: string;
  /** What takes the blinding away again. */
  inverse: string;
}

/** A ballot that can be cast. */
export interface Kept {
  round: string;
  keyId: string;
  secret: string;
  prefix: string;
  signature: string;
}

/** The library for RFC 9474 is a chunk of its own, loaded when a ballot is drawn. */
async function scheme(): Promise<BlindRSA> {
  const { RSABSSA } = await import('@cloudflare/blindrsa-ts');
  return RSABSSA.SHA384.PSS.Randomized();
}

/** Draws a ballot's secret and blinds its token for a key that was found in the ledger. */
export async function prepare(trusted: TrustedKey): Promise<Pending> {
  const { key, opened } = trusted;
  const [secret, prefix] = [random(32), random(32)];
  const message = concat(prefix, messageOf(opened.round, fromBase64url(key.id, 32), await tokenOf(secret)));
  const { blindedMsg, inv } = await (await scheme()).blind(key.crypto, message);
  return { round: opened.round, key: key.spki, keyId: key.id, secret: base64url(secret), prefix: base64url(prefix), blinded: base64(blindedMsg), inverse: base64(inv) };
}

/** Makes the ballot of a blind signature; one that does not verify is refused, and the pending ballot stays good. */
export async function finish(pending: Pending, blindSignature: string): Promise<Kept> {
  const key = await parseKey(pending.key);
  const secret = fromBase64url(pending.secret, 32);
  const message = concat(fromBase64url(pending.prefix, 32), messageOf(pending.round, fromBase64url(key.id, 32), await tokenOf(secret)));
  const rsa = await scheme();
  try {
    const signature = await rsa.finalize(key.crypto, message, fromBase64(blindSignature), fromBase64(pending.inverse));
    return { round: pending.round, keyId: key.id, secret: pending.secret, prefix: pending.prefix, signature: base64url(signature) };
  } catch (cause) {
    throw new BallotError('forged', cause);
  }
}

/** The part of a ballot that the server sees. */
export async function shown(ballot: Kept): Promise<{ key: string; token: string; prefix: string; signature: string }> {
  const token = await tokenOf(fromBase64url(ballot.secret, 32));
  return { key: ballot.keyId, token: base64url(token), prefix: ballot.prefix, signature: ballot.signature };
}

/** The ballot's public name. */
export const ballotName = async (ballot: Kept): Promise<string> => nameOf(ballot.round, await tokenOf(fromBase64url(ballot.secret, 32)));
