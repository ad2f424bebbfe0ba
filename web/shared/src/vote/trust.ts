import { take, type Api, type Schemas } from '../api/client';
import { base64, fromBase64, utf8 } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { BallotError } from '../ballot/problem';
import type { Store } from '../ballot/store';
import { LedgerWatch } from '../ballot/watch';
import { hex } from './choice';
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
    const leaves = await this.leaves(vote.id);
    const [announced, made, opened] = ['announce', 'make_key', 'open'].map((kind) => found(leaves, kind)) as [Leaf, Leaf, Leaf];
    const [key, opening] = [body(made, vote.id), body(opened, vote.id)];
    const same = key['public'] === vote.keyPublic && key['key'] === opening['key'] && opening['form'] === vote.formHash && opening['roll'] === vote.rollHash;
    if (!same || !vote.keyPublic) throw new BallotError('untrusted');
    await sameItems(announced, vote);
    for (const leaf of [announced, made, opened]) await this.included(leaf);
    return base64(fromBase64(vote.keyPublic));
  }

  /** Shows that a ballot is in the ledger as its receipt promises, or that a later one took its place. From the closing on. */
  async kept(vote: Vote, receipt: VoteReceipt): Promise<'kept' | 'replaced'> {
    const mine = (await this.leaves(vote.id)).filter((l) => l.kind === 'ballot').map((leaf) => ({ leaf, is: body(leaf, vote.id) })).filter(({ is }) => is['head'] === receipt.head);
    const last = mine.reduce((n, { is }) => Math.max(n, Number(is['revision'])), 0);
    const promised = mine.find(({ is }) => is['revision'] === receipt.revision);
    if (!promised) throw new BallotError('missing');
    if (promised.is['commitment'] !== receipt.commitment) throw new BallotError('broken');
    await this.included(promised.leaf);
    return last > receipt.revision ? 'replaced' : 'kept';
  }

  /** Shows that the announcement with these items, the count or the municipal result, and the publication with this document are in the ledger; gives the publication's moment. */
  async published(vote: Vote): Promise<string> {
    const leaves = await this.leaves(vote.id);
    const [announced, counted, published] = ['announce', vote.officialSystem ? 'official_result' : 'count', 'publish'].map((kind) => found(leaves, kind)) as [Leaf, Leaf, Leaf];
    body(counted, vote.id);
    if (body(published, vote.id)['document'] !== vote.resultDocument) throw new BallotError('untrusted');
    await sameItems(announced, vote);
    for (const leaf of [announced, counted, published]) await this.included(leaf);
    return published.at;
  }

  /** Reads and verifies a receipt of this vote. */
  async receipt(vote: Vote, line: string): Promise<VoteReceipt> {
    const receipt = parseVoteReceipt(line);
    if (receipt.vote !== vote.id) throw new BallotError('malformed');
    await verifyVoteReceipt(receipt, vote.receiptKey);
    return receipt;
  }

  private async leaves(vote: string): Promise<Leaf[]> {
    return (await take(this.api.GET('/api/v1/votes/{voteId}/leaves', { params: { path: { voteId: vote } } }))).items ?? [];
  }

  private included(leaf: Leaf): Promise<void> {
    if (leaf.entry === undefined) throw new BallotError('unsealed');
    return this.ledger.included(`redproperty vote leaf 1\0${leaf.body}`, leaf.entry);
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
