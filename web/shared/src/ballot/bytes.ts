import { BallotError } from './problem';

/** Bytes that the browser's cryptography takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const utf8Encoder = new TextEncoder();

export const utf8 = (text: string): Bytes => utf8Encoder.encode(text) as Bytes;

export function random(n: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(n));
}

export function concat(...parts: Uint8Array[]): Bytes {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Standard base64 with padding, as notes, keys and proofs have it. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(''));
}

/** Base64url without padding: hashes, ballots, receipts. */
export const base64url = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

function decode(text: string): Bytes {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch (cause) {
    throw new BallotError('malformed', cause);
  }
}

/** Reads standard base64 in its one spelling. */
export function fromBase64(text: string): Bytes {
  const bytes = decode(text);
  if (base64(bytes) !== text) throw new BallotError('malformed');
  return bytes;
}

/** Reads base64url of exactly n bytes in its one spelling. */
export function fromBase64url(text: string, n?: number): Bytes {
  const bytes = decode(text.replaceAll('-', '+').replaceAll('_', '/'));
  if (base64url(bytes) !== text || (n !== undefined && bytes.length !== n)) throw new BallotError('malformed');
  return bytes;
}

/** The 16 bytes of an identifier in its canonical text. */
export function idBytes(id: string): Bytes {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new BallotError('malformed');
  return Uint8Array.from(id.replaceAll('-', '').match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The canonical text of an identifier's 16 bytes. */
export function idText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A number from its bytes, the greatest first. */
export function bigEndian(bytes: Uint8Array): bigint {
  return Array.from(bytes).reduce((n, b) => (n << 8n) | BigInt(b), 0n);
}
