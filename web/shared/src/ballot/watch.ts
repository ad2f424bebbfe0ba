import { take, type Api } from '../api/client';
import { ApiError } from '../api/problem';
import { fromBase64 } from './bytes';
import { checkExtends, checkIncluded, openCheckpoint, parseVerifier, type Checkpoint, type LogName } from './ledger';
import { BallotError } from './problem';
import type { Known, Store } from './store';

/** What is asked without a name: no cookie goes along, and no page is named. */
export const unnamed = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' } as const;

/** What this device saw of the ledger before, and what it is shown now. */
export interface Sides {
  before: Known | undefined;
  now: Known;
}

const hashes = (proof: { hashes: string[] | null }) => (proof.hashes ?? []).map(fromBase64);

/** A log of the public ledger as this device watches it: nothing is believed that does not go on from what was seen before. */
export class LedgerWatch {
  private readonly log: { log: LogName };

  constructor(private readonly api: Api, private readonly store: Store, private readonly name: LogName) {
    this.log = { log: name };
  }

  /** What this device saw of the ledger and what it is shown now: evidence, where the two do not agree. */
  async sides(): Promise<Sides> {
    const [before, { verifierKey }, { note }] = await Promise.all([
      this.store.known(this.name), take(this.api.GET('/api/v1/ledger/key', unnamed)), take(this.api.GET('/api/v1/ledger/{log}/checkpoint', { params: { path: this.log }, ...unnamed })),
    ]);
    return { before, now: { verifierKey, note } };
  }

  /** Shows that an entry is in the newest checkpoint, and that this one only adds to the one seen before. */
  async included(entry: string, pos: number): Promise<void> {
    const known = await this.store.known(this.name);
    const { verifierKey } = await take(this.api.GET('/api/v1/ledger/key', unnamed));
    if (known && known.verifierKey !== verifierKey) throw new BallotError('rekeyed');
    const verifier = await parseVerifier(verifierKey);
    const { note } = await take(this.api.GET('/api/v1/ledger/{log}/checkpoint', { params: { path: this.log }, ...unnamed }));
    const head = await openCheckpoint(verifier, this.name, note);
    const proof = await take(this.api.GET('/api/v1/ledger/{log}/inclusion', { params: { path: this.log, query: { size: head.size, index: pos } }, ...unnamed }));
    await checkIncluded(head, entry, pos, hashes(proof));
    if (known?.note && known.note !== note) {
      const before = await openCheckpoint(verifier, this.name, known.note);
      if ((await this.grown(before, head)) === before) return;
    }
    await this.store.know(this.name, { verifierKey, note });
  }

  /** Shows that of two checkpoints the newer one only adds to the older one, and gives the newer. */
  private async grown(before: Checkpoint, head: Checkpoint): Promise<Checkpoint> {
    const [older, newer] = before.size <= head.size ? [before, head] : [head, before];
    const query = { from: older.size, to: newer.size };
    try {
      const grown = older.size === newer.size ? { hashes: [] } : await take(this.api.GET('/api/v1/ledger/{log}/consistency', { params: { path: this.log, query }, ...unnamed }));
      await checkExtends(older, newer, hashes(grown));
    } catch (thrown) {
      // A server that has fewer entries than it has signed cannot prove anything about them, and says so.
      if (thrown instanceof BallotError || (thrown instanceof ApiError && !thrown.uncertain && thrown.status !== 429)) throw new BallotError('rewritten', thrown);
      throw thrown;
    }
    return newer;
  }
}
