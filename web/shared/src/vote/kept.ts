import { remembered } from '../session/remembered';

/** What this device keeps of a ballot: what was sent, so that sending it again sends the same, and the receipt. No choice. */
export interface Kept {
  /** Sealed choices that were sent and have no answer yet. */
  under?: string | undefined;
  receipt?: string | undefined;
}

const place = (vote: string, head: number) => remembered(`redproperty.vote.${vote}.${head}`, '{}');

export const keptBallot = (vote: string, head: number): Kept => JSON.parse(place(vote, head).get()) as Kept;

export const keepBallot = (vote: string, head: number, kept: Kept): void => place(vote, head).set(JSON.stringify(kept));
