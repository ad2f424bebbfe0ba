import { random, type Bytes } from '@redproperty/shared/ballot/bytes';

/** The largest picture of a paper ballot, so that sealed and in base64 it stays below what the API takes. */
export const largestScan = 3_000_000;

/** Letters and digits that nobody mixes up. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/**
 * A number for a printed ballot: 60 random bits in three groups of four, on the paper alone. Whoever copies the database while a paper waits for its
 * second person has a hash of the number and the choice, and must not find them by trying.
 */
export const newCode = (): string => Array.from(random(12), (b, i) => `${i > 0 && i % 4 === 0 ? ' ' : ''}${letters[b % letters.length]}`).join('');

/** A number as it is typed: without spaces, in capitals. */
export const cleanCode = (typed: string): string => typed.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** The bytes of a file. */
export async function bytesOf(file: Blob): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer());
}

