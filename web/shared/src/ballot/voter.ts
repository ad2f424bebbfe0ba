import { take, type Api, type Schemas } from '../api/client';
import { ApiError } from '../api/problem';
import { canonical, scored, words, type Answers, type Questionnaire } from '../questionnaire/questionnaire';
import { ballotName, finish, prepare, shown } from './blind';
import { base64url, fromBase64url } from './bytes';
import { commitment, wordsHash } from './commitment';
import { lookUp, type OwnLine, type SealedDraw } from './drawn';
import { newEnvelope, withCast, withReceipt, type Cast, type Envelope } from './envelope';
import { parseKey, trust, type TrustedKey } from './key';
import { parseEntry, type RoundOpened } from './leaf';
import { leafOf } from './ledger';
import { BallotError } from './problem';
import { kept, parseReceipt, verifyReceipt, type Receipt } from './receipt';
import { untilSealed } from './sealed';
import type { Store } from './store';
import { opening } from './token';
import { LedgerWatch, unnamed } from './watch';

export type Paper = Schemas['Paper'];

/** What came of a receipt. */
export type Verdict = 'open' | 'kept' | 'replaced';

/**
 * Draws, casts and checks ballots as a household's device: the drawing with the log-in, all else without it, and nothing
 * taken on the server's word that the ledger can show.
 */
export class Voter {
  private readonly ledger: LedgerWatch;

  constructor(private readonly api: Api, private readonly store: Store) {
    this.ledger = new LedgerWatch(api, store, 'surveys');
  }

  paper(round: string, signal?: AbortSignal): Promise<Paper> {
    return take(this.api.GET('/api/v1/public/survey-rounds/{roundId}', { params: { path: { roundId: round } }, signal, ...unnamed }));
  }

  /**
   * Draws the dwelling's ballot. The blinded token is kept before it is sent, and of two tabs the first one's counts: after a
   * lost answer the same ballot is drawn again.
   */
  async draw(round: string, unit: string, stratum: string): Promise<Envelope> {
    let envelope = await this.store.envelope(round, unit);
    if (envelope?.ballot) return envelope;
    if (!envelope?.pending) {
      const trusted = await this.key(round, stratum);
      const pending = await prepare(trusted);
      envelope = await this.store.change(round, unit, (e = newEnvelope(round, unit)) =>
        e.pending || e.ballot ? e : { ...e, pending, receiptKey: trusted.opened.receiptKey });
    }
    if (!envelope.pending) return envelope;
    const { keyId, blinded } = envelope.pending;
    const path = { roundId: round, unitId: unit };
    const { blindSignature } = await take(this.api.POST('/api/v1/survey-rounds/{roundId}/dwellings/{unitId}/ballot', { params: { path }, body: { keyId, blinded } }));
    const ballot = await finish(envelope.pending, blindSignature);
    return this.store.change(round, unit, (e = newEnvelope(round, unit)) => ({ ...e, ballot: e.ballot ?? ballot, pending: undefined }));
  }

  /** Sends the answers without a name, and checks that the receipt promises just them. Sent again after a lost answer it is the same revision. */
  async cast(round: string, unit: string, form: Questionnaire, answers: Answers): Promise<Receipt> {
    const envelope = await this.store.change(round, unit, (e = newEnvelope(round, unit)) => (e.ballot ? withCast(e, answers) : e));
    const cast = envelope.casts.at(-1);
    if (!envelope.ballot || !cast) throw new BallotError('malformed');
    const body = {
      ballot: await shown(envelope.ballot), revision: cast.revision, opening: base64url(await opening(fromBase64url(envelope.ballot.secret, 32), cast.revision)),
      answers: JSON.parse(canonical(cast.answers)) as unknown, salt: cast.salt, textSalt: cast.textSalt, textKey: envelope.textKey,
    };
    const out = await take(this.api.POST('/api/v1/public/survey-rounds/{roundId}/responses', { params: { path: { roundId: round } }, body, ...unnamed }));
    const receipt = parseReceipt(out.receipt);
    await promised(envelope, cast, form, receipt);
    await this.store.change(round, unit, (e = envelope) => ({ ...withReceipt(e, cast.revision, receipt.text), draft: undefined }));
    return receipt;
  }

  /**
   * Compares a receipt with the ledger: open while the round takes answers; kept or replaced (by a later revision of one's
   * own) where the ballot was counted as promised. Anything else is a BallotError that says what is wrong.
   */
  async check(receipt: Receipt): Promise<Verdict> {
    const paper = await this.paper(receipt.round);
    const opened = await this.opened(receipt.round);
    await verifyReceipt(receipt, opened.receiptKey);
    if (paper.state === 'open' || paper.state === 'closing') return 'open';
    const counted = await this.counted(receipt);
    const response = parseEntry('response', counted.entry);
    if (!kept(receipt, response)) throw new BallotError('broken');
    await this.ledger.included(await leafOf(counted.entry), counted.pos);
    return response.revision > receipt.revision ? 'replaced' : 'kept';
  }

  /**
   * Finds one's own dwelling in the newest sealed list of draws, which is asked for without a name: a ballot that nobody of the household
   * drew would stand there. Nothing before the first day of the round is over.
   */
  async sealed(round: string, own: OwnLine): Promise<SealedDraw | undefined> {
    const opened = await this.opened(round);
    const key = opened.keys.find((k) => k.stratum === own.stratum)?.key;
    const seals = (await this.leaves(round))
      .flatMap((l) => (l.kind === 'draw_seal' && l.entry !== undefined ? [{ body: l.body, at: l.entry, seal: parseEntry('draw_seal', l.body) }] : []))
      .filter(({ seal }) => seal.round === round && seal.key === key);
    const last = seals.reduce<(typeof seals)[number] | undefined>((a, b) => (a && a.seal.day > b.seal.day ? a : b), undefined);
    if (!last || own.stratum === undefined) return undefined;
    await this.ledger.included(await leafOf(last.body), last.at);
    const path = { roundId: round, stratum: own.stratum, day: last.seal.day };
    const { items } = await take(this.api.GET('/api/v1/public/survey-rounds/{roundId}/strata/{stratum}/seals/{day}', { params: { path }, ...unnamed }));
    return lookUp(last.seal, items ?? [], own);
  }

  private async leaves(round: string): Promise<Schemas['Leaf'][]> {
    const { items } = await take(this.api.GET('/api/v1/public/survey-rounds/{roundId}/leaves', { params: { path: { roundId: round } }, ...unnamed }));
    return items ?? [];
  }

  private async counted(receipt: Receipt): Promise<Schemas['Counted']> {
    try {
      return await take(this.api.GET('/api/v1/public/survey-rounds/{roundId}/responses/{token}', { params: { path: { roundId: receipt.round, token: receipt.token } }, ...unnamed }));
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.notFound) throw new BallotError('missing', thrown);
      throw thrown;
    }
  }

  /** The key of a stratum, found in the entry that opened the round. */
  private async key(round: string, stratum: string): Promise<TrustedKey> {
    const [paper, opened] = [await this.paper(round), await this.opened(round)];
    const found = paper.keys?.find((k) => k.stratum === stratum);
    if (!found || paper.receiptKey !== opened.receiptKey || paper.formHash !== opened.questionnaire) throw new BallotError('untrusted');
    return trust(await parseKey(found.publicKey), opened, stratum);
  }

  /** The entry that opened the round, shown to be in the ledger. It is sealed within seconds; whoever is sooner waits. */
  private async opened(round: string): Promise<RoundOpened> {
    const leaf = await untilSealed(async () => (await this.leaves(round)).find((l) => l.kind === 'round_opened' && l.entry !== undefined));
    if (leaf?.entry === undefined) throw new BallotError('unsealed');
    const opened = parseEntry('round_opened', leaf.body);
    if (opened.round !== round) throw new BallotError('untrusted');
    await this.ledger.included(await leafOf(leaf.body), leaf.entry);
    return opened;
  }
}

/** Checks that a receipt promises what was sent; computed by the device itself. */
async function promised(envelope: Envelope, cast: Cast, form: Questionnaire, receipt: Receipt): Promise<void> {
  if (!envelope.ballot || !envelope.receiptKey) throw new BallotError('malformed');
  await verifyReceipt(receipt, envelope.receiptKey);
  const name = await ballotName(envelope.ballot);
  const text = await wordsHash(cast.textSalt, canonical(words(form, cast.answers)));
  const mine = await commitment(envelope.round, name, cast.salt, canonical(scored(form, cast.answers)), text);
  const same = receipt.round === envelope.round && receipt.key === envelope.ballot.keyId && receipt.token === name && receipt.revision === cast.revision && receipt.commitment === mine;
  if (!same) throw new BallotError('receipt');
}
