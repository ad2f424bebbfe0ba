import { canonical, type Answers } from '../questionnaire/questionnaire';
import type { Kept, Pending } from './blind';
import { base64url, random } from './bytes';

/** Everything that this device keeps of a dwelling's ballot in a round. Who reads it can vote and sees the answers: it never leaves the device. */
export interface Envelope {
  round: string;
  unit: string;
  /** Ed25519 key of the round's receipts, from the verified entry. */
  receiptKey?: string;
  pending?: Pending;
  ballot?: Kept;
  /** Under which free text is kept apart; the same for every revision. */
  textKey: string;
  casts: Cast[];
  /** Answers that were not sent yet, and where the person was. */
  draft?: Draft;
}

export interface Draft {
  answers: Answers;
  /** The item shown last. */
  at?: string;
}

/** What was cast in one revision, with what opens its commitment. */
export interface Cast {
  revision: number;
  answers: Answers;
  salt: string;
  textSalt: string;
  /** Absent while the server's answer is not known. */
  receipt?: string;
}

export const newEnvelope = (round: string, unit: string): Envelope => ({ round, unit, textKey: base64url(random(32)), casts: [] });

/**
 * The envelope with a revision for these answers. The same answers whose receipt never came are sent as the same revision,
 * so that a repetition is none; other answers make the next revision, which replaces them.
 */
export function withCast(envelope: Envelope, answers: Answers): Envelope {
  const last = envelope.casts.at(-1);
  if (last && !last.receipt && canonical(last.answers) === canonical(answers)) return envelope;
  const cast = { revision: envelope.casts.length + 1, answers, salt: base64url(random(32)), textSalt: base64url(random(32)) };
  return { ...envelope, casts: [...envelope.casts, cast] };
}

/** The envelope with the receipt of a revision. */
export function withReceipt(envelope: Envelope, revision: number, receipt: string): Envelope {
  return { ...envelope, casts: envelope.casts.map((c) => (c.revision === revision ? { ...c, receipt } : c)) };
}

/** Whether a ballot was asked for or sent and nothing came back: what was done last has no receipt. */
export const unanswered = (envelope: Envelope | undefined): boolean =>
  envelope?.pending !== undefined || (envelope?.ballot !== undefined && envelope.casts.at(-1)?.receipt === undefined);

/** The last cast that the server has promised to count. */
export const lastPromised = (envelope: Envelope | undefined): Cast | undefined => envelope?.casts.filter((c) => c.receipt).at(-1);
