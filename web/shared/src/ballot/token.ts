import { base64url, idBytes, type Bytes } from './bytes';
import { digest, encode, labels } from './hash';
import { BallotError } from './problem';

/** How often one ballot can be cast. */
export const maxRevision = 64;

async function climb(from: Bytes, steps: number): Promise<Bytes> {
  let h = from;
  for (let i = 0; i < steps; i++) h = await digest(labels.revision, h);
  return h;
}

/** The token: the end of the chain of hashes that begins with the secret. */
export const tokenOf = (secret: Bytes): Promise<Bytes> => climb(secret, maxRevision);

/**
 * The proof of the right to a revision: the value that hashes as often to the token. Only who knows the secret can take
 * one more step back, so nobody else, the server included, can cast the ballot again.
 */
export function opening(secret: Bytes, revision: number): Promise<Bytes> {
  if (revision < 1 || revision > maxRevision) throw new BallotError('used_up');
  return climb(secret, maxRevision - revision);
}

/** The public name of a ballot in a round. */
export const nameOf = async (round: string, token: Bytes): Promise<string> => base64url(await digest(labels.token, idBytes(round), token));

/** What the signature is over, before its random prefix: the token bound to its round and key. */
export const messageOf = (round: string, key: Bytes, token: Bytes): Bytes => encode(labels.message, idBytes(round), key, token);
