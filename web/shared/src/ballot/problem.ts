/**
 * What a device found wrong by itself, without the server's word:
 * insecure – the browser has no cryptography here (the page was not opened over https);
 * unsealed – the ledger does not hold the opening of the round yet, ask again in some seconds;
 * rekeyed – the ledger's key is not the one this device saw before; rewritten – its history does not go on from what this device saw:
 *   either a new ledger that somebody answers for, or one that is shown to this device alone. The person decides, see Store.forgetLedger;
 * untrusted – a key, a checkpoint or a history that is not what everybody else is shown;
 * forged – a signature that does not verify; receipt – a receipt that does not promise what was sent;
 * broken – what was counted is not what the receipt promises; missing – the ballot is not among those counted;
 * unkept – the browser keeps nothing: its storage is full, or closed to this page;
 * malformed – something that is not in its form; used_up – the ballot was cast as often as it can be.
 */
export type BallotFault = 'insecure' | 'unsealed' | 'untrusted' | 'rekeyed' | 'rewritten' | 'forged' | 'receipt' | 'broken' | 'missing' | 'unkept' | 'malformed' | 'used_up';

export class BallotError extends Error {
  constructor(readonly fault: BallotFault, cause?: unknown) {
    super(`ballot: ${fault}`, { cause });
    this.name = 'BallotError';
  }
}

/** Whether this browser can make ballots on this page: it hands out its cryptography on https and on the machine itself only. */
export function canVote(): boolean {
  return globalThis.crypto?.subtle !== undefined && globalThis.indexedDB !== undefined;
}
