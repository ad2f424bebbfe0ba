import { remembered } from '@redproperty/shared/session/remembered';

const domain = 'redproperty/sample/commitment/v1';
const text = new TextEncoder();

/** 32 random bytes for the draw of a sample, as base64url. Nobody but the party knows them until they are shown. */
export function newSecret(): string {
  return encode(crypto.getRandomValues(new Uint8Array(32)));
}

/** What is published of a secret before the roll freezes: H(domain, round, party, secret), each part led by its length in eight bytes (docs/statistics.md, 12). */
export async function commitmentTo(round: string, party: string, secret: string): Promise<string> {
  const parts = [text.encode(domain), text.encode(round), text.encode(party), decode(secret)];
  const whole = new Uint8Array(parts.reduce((n, p) => n + 8 + p.length, 0));
  const view = new DataView(whole.buffer);
  let at = 0;
  for (const part of parts) {
    view.setBigUint64(at, BigInt(part.length));
    whole.set(part, at + 8);
    at += 8 + part.length;
  }
  return encode(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
}

/** The secret as this browser keeps it until it is shown. The file that the party saved is the other copy. */
export const keptSecret = (round: string, party: string) => remembered(`redproperty.pledge.${round}.${party}`, '');

export const looksLikeSecret = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value.trim());

function encode(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(value: string): Uint8Array {
  return Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
}
