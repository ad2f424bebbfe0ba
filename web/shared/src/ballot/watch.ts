import { take, type Api } from '../api/client';
import { ApiError } from '../api/problem';
import { fromBase64, type Bytes } from './bytes';
import { checkExtends, checkIncluded, checkRange, openCheckpoint, parseVerifier, type Checkpoint, type LogName } from './ledger';
import { BallotError } from './problem';
import type { Known, Store } from './store';

/** What is asked without a name: no cookie goes along, and no page is named. */
export const unnamed = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' } as const;

/** What this device saw of the ledger before, and what it is shown now. */
export interface Sides {
  before: Known | undefined;
  now: Known;
}

/** How many leaves are asked for at a time. */
const leavesAtOnce = 5000;

/** A state of a log: as the server shows it now, and the newest that it ever showed this device, which is kept when what rests on it is in order. */
export interface Seen {
  shown: Checkpoint;
  head: Checkpoint;
  keep: () => Promise<void>;
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

  /** Shows that a leaf is in the newest checkpoint, and that this one only adds to the one seen before. */
  async included(leaf: Bytes, pos: number): Promise<void> {
    const { shown, keep } = await this.newest();
    await checkIncluded(shown, leaf, pos, await this.path(shown, pos));
    await keep();
  }

  /** The newest state of the log that goes on from what this device saw before; it holds something. */
  async newest(): Promise<Seen> {
    const known = await this.store.known(this.name);
    const { verifierKey } = await take(this.api.GET('/api/v1/ledger/key', unnamed));
    if (known && known.verifierKey !== verifierKey) throw new BallotError('rekeyed');
    const verifier = await parseVerifier(verifierKey);
    const { note } = await take(this.api.GET('/api/v1/ledger/{log}/checkpoint', { params: { path: this.log }, ...unnamed }));
    const shown = await openCheckpoint(verifier, this.name, note);
    const before = known?.note && known.note !== note ? await openCheckpoint(verifier, this.name, known.note) : undefined;
    const head = before ? await this.grown(before, shown) : shown;
    return { shown, head, keep: () => (head === before ? Promise.resolve() : this.store.know(this.name, { verifierKey, note })) };
  }

  /** All leaves of a state of the log from a place on, shown to be all. */
  async leaves(head: Checkpoint, from: number): Promise<Bytes[]> {
    const path = await this.path(head, from);
    const out: Bytes[] = [];
    while (from + out.length < head.size) {
      const query = { from: from + out.length, limit: Math.min(leavesAtOnce, head.size - from - out.length) };
      const some = await take(this.api.GET('/api/v1/ledger/{log}/leaves', { params: { path: this.log, query }, ...unnamed })) ?? [];
      if (some.length === 0) throw new BallotError('untrusted');
      out.push(...some.map((l) => fromBase64(l.hash)));
    }
    await checkRange(head, from, out, path);
    return out;
  }

  private async path({ size }: Checkpoint, index: number): Promise<Bytes[]> {
    return hashes(await take(this.api.GET('/api/v1/ledger/{log}/inclusion', { params: { path: this.log, query: { size, index } }, ...unnamed })));
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
