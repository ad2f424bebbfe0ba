import type { Schemas } from '../api/client';
import { concat, fromBase64, idBytes, utf8, type Bytes } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { commitment, hashBytes, hex } from './choice';
import { firstOf, marksOf, parting, twice } from './marks';
import { TellerError, type Key, type SealedBallot } from './teller';

type Leaf = Schemas['VoteLeaf'];

/** What a server hands to a teller to open. */
export interface SealedBox {
  form: string;
  key: Key;
  ballots: SealedBallot[];
}

/** What a leaf's body can say; each kind says some of it. */
interface Said {
  vote: string;
  kind: string;
  key?: string;
  public?: string;
  parts?: string[];
  form?: string;
  head?: number;
  revision?: number;
  commitment?: string;
  scans?: string[];
  ballots?: number;
  box?: string;
  joined?: Schemas['Weight'];
  opening?: string;
}

const channels = ['web', 'paper', 'proxy'];

/**
 * What the ledger has of a closed vote, as the server lists it, against what it hands to a teller. All of it is the server's word until
 * it is shown to be all that the ledger has of the vote (whole).
 */
export class VoteRecord {
  readonly relied: Leaf[] = [];
  private readonly entries: { leaf: Leaf; says: Said }[];

  constructor(private readonly vote: string, private readonly leaves: Leaf[]) {
    this.entries = leaves.map((leaf) => ({ leaf, says: JSON.parse(leaf.body) as Said }));
    if (twice(leaves) || this.entries.some(({ leaf, says }) => says.vote !== vote || says.kind !== leaf.kind)) throw new TellerError('ledger', 0);
  }

  /** Whether a log of this size holds everything that was relied on. */
  in(size: number): boolean {
    return this.relied.every(({ entry }) => entry !== undefined && entry < size);
  }

  /** The place from which on the log holds everything of the vote, and no later than before the key was made. */
  first(since: number): number {
    return firstOf(this.leaves, since);
  }

  /** Wants the log, of which these are all leaves from a place on, to hold what is listed and nothing else of the vote. */
  async whole(from: number, all: Bytes[]): Promise<void> {
    const marks = await marksOf(this.vote, this.leaves);
    if (!marks) throw new TellerError('ledger', 0);
    const found = await parting(marks, this.leaves, from, all);
    if (found) throw new TellerError(found.hidden ? 'hidden' : 'ledger', found.entry);
  }

  /** Takes the newest leaf that fits, and notes that something rests on it. */
  private rely(fits: (says: Said) => boolean): Said {
    const found = this.entries.filter(({ says }) => fits(says)).at(-1);
    if (!found) throw new TellerError('ledger', 0);
    this.relied.push(found.leaf);
    return found.says;
  }

  /** Wants the box to be the one with which the vote was closed, under the key and the items with which it was opened; a ballot that is another one than was cast is named by its line. */
  async box({ form, key, ballots }: SealedBox): Promise<void> {
    const [made, opened, closed] = ['make_key', 'open', 'close'].map((kind) => this.rely((s) => s.kind === kind)) as [Said, Said, Said];
    if (!made.key || made.key !== opened.key || made.public !== key.public || made.parts?.join() !== key.parts.join() || opened.form !== form) throw new TellerError('ledger', 0);
    const newest = this.newest();
    const commitments: string[] = [];
    const joined = { area: 0, heads: 0 };
    for (const b of ballots) {
      const says = newest.get(b.head);
      if (!says?.commitment || !(await this.commits(says, form, b))) throw new TellerError('ballot', b.head);
      commitments.push(says.commitment);
      joined.area += b.weight.area;
      joined.heads += b.weight.heads;
    }
    const hash = hex(await sha256(concat(utf8('redproperty vote box 1\0'), idBytes(this.vote), ...commitments.map(hashBytes))));
    if (closed.box !== hash || closed.ballots !== ballots.length || closed.joined?.area !== joined.area || closed.joined.heads !== joined.heads) throw new TellerError('box', 0);
  }

  /** The leaf of each line's last ballot. */
  private newest(): Map<number, Said> {
    const out = new Map<number, Said>();
    for (const { says } of this.entries) {
      if (says.kind === 'ballot' && says.head !== undefined && (says.revision ?? 0) > (out.get(says.head)?.revision ?? 0)) out.set(says.head, says);
    }
    return out;
  }

  /** Whether a leaf commits to a sealed choice, by whichever channel it came. */
  private async commits(says: Said, form: string, { head, sealed, second }: SealedBallot): Promise<boolean> {
    const kept = second ? concat(fromBase64(sealed), fromBase64(second)) : fromBase64(sealed);
    for (const channel of channels) {
      if ((await commitment({ vote: this.vote, form, head }, says.revision ?? 0, channel, kept)) === says.commitment) return true;
    }
    return false;
  }

  /** Wants the ledger to have that somebody asked for the opening of a line's ballot. */
  asked(opening: string, head: number): void {
    if (!this.entries.some(({ says }) => says.kind === 'opening' && says.opening === opening && says.head === head)) throw new TellerError('unasked', head);
    this.rely((s) => s.kind === 'opening' && s.opening === opening && s.head === head);
  }

  /** Wants the sealed pictures of a ballot to be those that its newest leaf names. */
  async scans(head: number, scans: string[]): Promise<void> {
    const last = this.newest().get(head)?.revision;
    const named = this.rely((s) => s.kind === 'ballot' && s.head === head && s.revision === last).scans ?? [];
    const found = await Promise.all(scans.map(async (s) => hex(await sha256(fromBase64(s)))));
    if (found.join() !== named.join()) throw new TellerError('scan', head);
  }
}
