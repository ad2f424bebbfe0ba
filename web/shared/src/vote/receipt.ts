import { fromBase64, fromBase64url, utf8 } from '../ballot/bytes';
import { verifyEd25519 } from '../ballot/ed25519';
import { BallotError } from '../ballot/problem';

/** The signed promise that a ballot is counted. It shows no choice. */
export interface VoteReceipt {
  /** The line to keep. */
  text: string;
  vote: string;
  head: number;
  revision: number;
  /** Hex. */
  commitment: string;
}

const form = /^RPV1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([1-9]\d{0,4})\.([1-9]\d{0,8})\.([0-9a-f]{64})\.([\w-]{86})$/;

/** Reads the line; it does not verify. Spaces and line breaks from copying do no harm. */
export function parseVoteReceipt(written: string): VoteReceipt {
  const text = written.replace(/\s/g, '');
  const [, vote, head, revision, commitment] = form.exec(text) ?? [];
  if (!vote || !commitment) throw new BallotError('malformed');
  return { text, vote, head: Number(head), revision: Number(revision), commitment };
}

/** Checks the receipt with the vote's public key of receipts, base64. */
export async function verifyVoteReceipt({ text }: VoteReceipt, receiptKey: string): Promise<void> {
  const end = text.lastIndexOf('.');
  const signed = utf8(`redproperty vote receipt\0${text.slice(0, end)}`);
  if (!(await verifyEd25519(fromBase64(receiptKey), signed, fromBase64url(text.slice(end + 1), 64)))) throw new BallotError('receipt');
}
