import { base64url, bigEndian, fromBase64, fromBase64url, same, type Bytes } from './bytes';
import { sha256 } from './hash';
import type { RoundOpened } from './leaf';
import { BallotError } from './problem';

const pss = { name: 'RSA-PSS', hash: 'SHA-384' } as const;

/** A stratum's key as the browser verifies with it. */
export interface PublicKey {
  /** SubjectPublicKeyInfo, base64, as the server shows it. */
  spki: string;
  /** The SHA-256 of it: how leaves and ballots name the key. */
  id: string;
  bits: number;
  crypto: CryptoKey;
}

/** Reads a key and refuses weak and oddly spelled ones. */
export async function parseKey(spki: string): Promise<PublicKey> {
  const der = fromBase64(spki);
  const key = await crypto.subtle.importKey('spki', der, pss, true, ['verify']).catch((cause: unknown) => {
    throw new BallotError('malformed', cause);
  });
  const again = new Uint8Array(await crypto.subtle.exportKey('spki', key));
  const { n = '', e } = await crypto.subtle.exportKey('jwk', key);
  const modulus = fromBase64url(n);
  if (!same(again, der) || e !== 'AQAB' || !sound(modulus)) throw new BallotError('untrusted');
  return { spki, id: base64url(await sha256(der)), bits: modulus.length * 8, crypto: key };
}

/** Whether a modulus is of an accepted size and has no small factor. */
function sound(modulus: Bytes): boolean {
  if (![256, 384].includes(modulus.length) || (modulus[0] ?? 0) < 128) return false;
  const n = bigEndian(modulus);
  for (let f = 2n; f < 1000n; f++) if (n % f === 0n) return false;
  return true;
}

declare const verified: unique symbol;

/**
 * A key whose leaf was found in the ledger: everybody who looks at the same ledger is shown the same key. Only
 * `trust` makes one, and a ballot is blinded for nothing else: a server with a key for each household could tell
 * their ballots apart.
 */
export interface TrustedKey {
  readonly [verified]: true;
  readonly key: PublicKey;
  readonly opened: RoundOpened;
}

/** Accepts a key by the entry that opened the round; the caller has found the entry in the ledger. */
export function trust(key: PublicKey, opened: RoundOpened, stratum: string): TrustedKey {
  if (!opened.keys.some((k) => k.key === key.id && k.stratum === stratum)) throw new BallotError('untrusted');
  return { key, opened } as TrustedKey;
}
