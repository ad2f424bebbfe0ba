import { base64url, fromBase64url, idText } from './bytes';
import { verifyEd25519 } from './ed25519';
import { encode, labels } from './hash';
import type { CountedResponse } from './leaf';
import { BallotError } from './problem';
import { maxRevision } from './token';

const mark = 'RPR1.';
const bodyLength = 16 + 3 * 32 + 4;

/** The signed promise that a response with this commitment, or a later revision of it, is counted. It shows no answer. */
export interface Receipt {
  /** The line to keep, 245 characters. */
  text: string;
  round: string;
  key: string;
  /** The ballot's public name. */
  token: string;
  commitment: string;
  revision: number;
}

/** Reads the line; it does not verify. Spaces and line breaks from copying do no harm. */
export function parseReceipt(written: string): Receipt {
  const text = written.replace(/\s/g, '');
  if (!text.startsWith(mark)) throw new BallotError('malformed');
  const bytes = fromBase64url(text.slice(mark.length), bodyLength + 64);
  const revision = new DataView(bytes.buffer).getUint32(112);
  if (revision < 1 || revision > maxRevision) throw new BallotError('malformed');
  const hash = (from: number) => base64url(bytes.subarray(from, from + 32));
  return { text, round: idText(bytes.subarray(0, 16)), key: hash(16), token: hash(48), commitment: hash(80), revision };
}

/** Checks the receipt with the round's public key of receipts. */
export async function verifyReceipt(receipt: Receipt, receiptKey: string): Promise<void> {
  const bytes = fromBase64url(receipt.text.slice(mark.length), bodyLength + 64);
  const signed = encode(labels.receipt, bytes.subarray(0, bodyLength));
  if (!(await verifyEd25519(fromBase64url(receiptKey, 32), signed, bytes.slice(bodyLength)))) throw new BallotError('receipt');
}

/** Whether what was counted is what the receipt promises: the same commitment, or a later revision by the household itself. */
export function kept(receipt: Receipt, counted: CountedResponse): boolean {
  const same = counted.round === receipt.round && counted.key === receipt.key && counted.token === receipt.token;
  return same && (counted.revision > receipt.revision || (counted.revision === receipt.revision && counted.commitment === receipt.commitment));
}
