import { take, type Api, type Schemas } from '../api/client';
import { ApiError } from '../api/problem';
import { base64, fromBase64, utf8, type Bytes } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import type { Checkpoint } from '../ballot/ledger';
import { BallotError } from '../ballot/problem';
import { untilSealed } from '../ballot/sealed';
import type { Store } from '../ballot/store';
import { LedgerWatch, type Seen } from '../ballot/watch';
import { hex } from './choice';
import { firstOf, markedLeaf, marksOf, parting, twice } from './marks';
import { parseVoteReceipt, verifyVoteReceipt, type VoteReceipt } from './receipt';

type Vote = Schemas['Seen'];
type Leaf = Schemas['VoteLeaf'];

/** What a device finds in the public ledger about a vote, without taking the server's word for it. */
export class VoteTrust {
  private readonly ledger: LedgerWatch;

  constructor(private readonly api: Api, store: Store) {
    this.ledger = new LedgerWatch(api, store, 'decisions');
  }

  /**
   * Shows that what is asked, and the key to seal to, are those that everybody is shown: the announcement with these items, the
   * tellers' key and the opening with both are in the ledger.
   */
  async key(vote: Vote): Promise<string> {
    const [announced, made, opened] = (await this.sealed(vote.id, ['announce', 'make_key', 'open'])) as [Leaf, Leaf, Leaf];
    const [key, opening] = [body(made, vote.id), body(opened, vote.id)];
    const same = key['public'] === vote.keyPublic && key['key'] === opening['key'] && opening['form'] === vote.formHash && opening['roll'] === vote.rollHash;
    if (!same || !vote.keyPublic) throw new BallotError('untrusted');
    await sameItems(announced, vote);
    for (const leaf of [announced, made, opened]) await this.included(vote.id, leaf);
    return base64(fromBase64(vote.keyPublic));
  }

  /** Shows that a ballot is in the ledger as its receipt promises, or that a later one took its place. From the closing on. */
  async kept(vote: Vote, receipt: VoteReceipt): Promise<'kept' | 'replaced'> {
    const mine = (await this.whole(vote.id)).filter((l) => l.kind === 'ballot').map((leaf) => ({ leaf, is: body(leaf, vote.id) })).filter(({ is }) => is['head'] === receipt.head);
    const last = mine.reduce((n, { is }) => Math.max(n, Number(is['revision'])), 0);
    const promised = mine.find(({ is }) => is['revision'] === receipt.revision);
    if (!promised) throw new BallotError('missing');
    if (promised.is['commitment'] !== receipt.commitment) throw new BallotError('broken');
    return last > receipt.revision ? 'replaced' : 'kept';
  }

  /** Shows that the announcement with these items, the count or the municipal result, and the publication with this document are in the ledger; gives the publication's moment. */
  async published(vote: Vote): Promise<string> {
    const leaves = await this.whole(vote.id);
    const [announced, counted, published] = ['announce', vote.officialSystem ? 'official_result' : 'count', 'publish'].map((kind) => found(leaves, kind)) as [Leaf, Leaf, Leaf];
    body(counted, vote.id);
    if (body(published, vote.id)['document'] !== vote.resultDocument) throw new BallotError('untrusted');
    await sameItems(announced, vote);
    return published.at;
  }

  /** Reads and verifies a receipt of this vote. */
  async receipt(vote: Vote, line: string): Promise<VoteReceipt> {
    const receipt = parseVoteReceipt(line);
    if (receipt.vote !== vote.id) throw new BallotError('malformed');
    await verifyVoteReceipt(receipt, vote.receiptKey);
    return receipt;
  }

  /** The leaves of these steps. They are sealed within seconds; whoever is sooner waits. */
  private async sealed(vote: string, kinds: string[]): Promise<Leaf[]> {
    const all = await untilSealed(async () => {
      const leaves = await this.leaves(vote);
      const asked = kinds.map((kind) => found(leaves, kind));
      return asked.every((leaf) => leaf.entry !== undefined) ? asked : undefined;
    });
    if (!all) throw new BallotError('unsealed');
    return all;
  }

  /** What the server lists of a vote, oldest first: its word, until it is shown to be in the ledger. */
  async leaves(vote: string): Promise<Leaf[]> {
    return (await take(this.api.GET('/api/v1/votes/{voteId}/leaves', { params: { path: { voteId: vote } } }))).items ?? [];
  }

  /** The newest state of the ledger, which goes on from the one that this device has seen. */
  newest(): Promise<Seen> {
    return this.ledger.newest();
  }

  /** The same where the ledger may hold nothing yet: what was announced is in it some seconds later. */
  async first(): Promise<Seen> {
    const seen = await untilSealed(() => this.newest().catch((thrown: unknown) => {
      if (thrown instanceof ApiError && thrown.notFound) return undefined;
      throw thrown;
    }));
    if (!seen) throw new BallotError('unsealed');
    return seen;
  }

  /** All leaves of a state of the ledger from a place on. */
  all(head: Checkpoint, from: number): Promise<Bytes[]> {
    return this.ledger.leaves(head, from);
  }

  /** What the server lists of a vote that has closed, shown to be in the ledger, and to be all that the ledger has of it. */
  private async whole(vote: string): Promise<Leaf[]> {
    const shown = await untilSealed(async () => {
      const seen = await this.newest();
      const leaves = await this.leaves(vote); // after the ledger: whatever of the vote is in that is listed now
      return leaves.every((l) => l.entry !== undefined && l.entry < seen.head.size) ? { seen, leaves } : undefined;
    });
    if (!shown) throw new BallotError('unsealed');
    const { seen, leaves } = shown;
    const marks = await marksOf(vote, leaves);
    const from = firstOf(leaves, seen.head.size - 1);
    if (!marks || twice(leaves) || (await parting(marks, leaves, from, await this.all(seen.head, from)))) throw new BallotError('untrusted');
    await seen.keep();
    return leaves;
  }

  /** Shows that a step's leaf is in the ledger, in a checkpoint that goes on from the one that this device has seen. */
  private async included(vote: string, leaf: Leaf): Promise<void> {
    const marks = await marksOf(vote, []);
    if (leaf.entry === undefined || !marks) throw new BallotError('unsealed');
    await this.ledger.included(await markedLeaf(marks, leaf), leaf.entry);
  }
}

function found(leaves: Leaf[], kind: string): Leaf {
  const leaf = leaves.find((l) => l.kind === kind);
  if (!leaf) throw new BallotError('untrusted');
  return leaf;
}

/** A leaf says of which vote and kind it is; another one's stands for nothing here. */
function body(leaf: Leaf, vote: string): Record<string, unknown> {
  const is = JSON.parse(leaf.body) as Record<string, unknown>;
  if (is['vote'] !== vote || is['kind'] !== leaf.kind) throw new BallotError('untrusted');
  return is;
}

const asked = (items: Schemas['VoteItem'][] | null | undefined) => JSON.stringify((items ?? []).map((i) => [i.no, i.matter, i.title, i.content, i.most, (i.options ?? []).map((o) => o.text)]));

/** The form's hash is of the items' text as it stands in the announcement; what is shown says the same. */
async function sameItems(announced: Leaf, vote: Vote): Promise<void> {
  const is = body(announced, vote.id);
  const from = announced.body.indexOf('"items":') + '"items":'.length;
  const text = announced.body.slice(from, announced.body.lastIndexOf(',"kind":"announce"'));
  const hash = hex(await sha256(utf8(`redproperty vote items 1\0${text}`)));
  if (is['form'] !== vote.formHash || hash !== vote.formHash || asked(JSON.parse(text) as Schemas['VoteItem'][]) !== asked(vote.items)) throw new BallotError('untrusted');
}
