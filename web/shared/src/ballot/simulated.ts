/** A server for tests: it signs blindly, casts and keeps a ledger, and can be told to cheat or to lose an answer. */
import { constants, createHash, generateKeyPairSync, privateDecrypt, sign, type KeyObject } from 'node:crypto';
import { RSABSSA } from '@cloudflare/blindrsa-ts';

import { createApi } from '../api/client';
import { canonical, scored, words, type Questionnaire } from '../questionnaire/questionnaire';
import { base64, base64url, concat, fromBase64, fromBase64url, idBytes } from './bytes';
import { commitment, wordsHash } from './commitment';
import type { Envelope } from './envelope';
import { encode, labels } from './hash';
import type { LogName } from './ledger';
import type { Known, Store } from './store';
import { nameOf } from './token';

export const round = 'cddcd071-4f10-7a3a-b98b-8dd6f945939c';
export const unit = '4cf5b786-0e54-74ed-a8ba-d16fdd49cf2b';
export const form = { title: { zh: '题', en: 'Q' }, sections: [{ code: 's', title: { zh: '题', en: 'Q' }, items: [
  { code: 'clean', kind: 'rating', dimension: 'cleaning', required: true, prompt: { zh: '题', en: 'Q' } },
  { code: 'say', kind: 'text', maxRunes: 50, prompt: { zh: '题', en: 'Q' } },
] }] } as Questionnaire;

const sha = (...parts: (Uint8Array | string)[]) => new Uint8Array(parts.reduce((h, p) => h.update(p), createHash('sha256')).digest());
const node = (l: Uint8Array, r: Uint8Array) => sha(Uint8Array.of(1), l, r);
const [rsa, foreign] = [0, 1].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 })) as [Pair, Pair];
type Pair = { publicKey: KeyObject; privateKey: KeyObject };
const spki = (pair: Pair) => new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }));
const raw = (key: KeyObject) => new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(-32));

/** A log as RFC 6962 describes it, by its definitions. */
export class Log {
  readonly leaves: Uint8Array[] = [];
  /** What the leaves are made of. */
  readonly raw: Uint8Array[] = [];
  add(entry: string): number {
    return this.append(sha(entry));
  }
  append(leaf: Uint8Array): number {
    this.raw.push(leaf);
    return this.leaves.push(sha(Uint8Array.of(0), leaf)) - 1;
  }
  private split(list: Uint8Array[]): number {
    let k = 1;
    while (k * 2 < list.length) k *= 2;
    return k;
  }
  root(list = this.leaves): Uint8Array {
    if (list.length === 1) return list[0]!;
    const k = this.split(list);
    return node(this.root(list.slice(0, k)), this.root(list.slice(k)));
  }
  path(m: number, list = this.leaves): Uint8Array[] {
    if (list.length === 1) return [];
    const k = this.split(list);
    return m < k ? [...this.path(m, list.slice(0, k)), this.root(list.slice(k))] : [...this.path(m - k, list.slice(k)), this.root(list.slice(0, k))];
  }
  consistency(m: number, list = this.leaves, whole = true): Uint8Array[] {
    if (m === list.length) return whole ? [] : [this.root(list)];
    const k = this.split(list);
    return m <= k ? [...this.consistency(m, list.slice(0, k), whole), this.root(list.slice(k))] : [...this.consistency(m - k, list.slice(k), false), this.root(list.slice(0, k))];
  }
}

/** A log with the key that signs its checkpoints, as a server shows it. */
export class SignedLog extends Log {
  private readonly ledger = generateKeyPairSync('ed25519');
  constructor(private readonly name: LogName) {
    super();
  }

  private key(): Uint8Array {
    return concat(Uint8Array.of(1), raw(this.ledger.publicKey));
  }

  private verifierKey(): string {
    return `test.example+${Buffer.from(sha('test.example\n', this.key()).subarray(0, 4)).toString('hex')}+${base64(this.key())}`;
  }

  private note(): string {
    const text = `test.example/${this.name}\n${this.leaves.length}\n${base64(this.root())}\n`;
    return `${text}\n\u2014 test.example ${base64(concat(sha('test.example\n', this.key()).subarray(0, 4), sign(null, Buffer.from(text), this.ledger.privateKey)))}\n`;
  }

  /** What the public operations of the ledger answer; undefined for another path. */
  answer(url: URL): object | undefined {
    const query = (name: string) => Number(url.searchParams.get(name));
    switch (url.pathname.replace('/api/v1/ledger/', '')) {
      case 'key': return { verifierKey: this.verifierKey() };
      case `${this.name}/checkpoint`: return { note: this.note(), size: this.leaves.length };
      case `${this.name}/leaves`: return this.raw.slice(query('from'), query('from') + 3).map((leaf, i) => ({ index: query('from') + i, hash: base64(leaf) })); // fewer than are asked for
      case `${this.name}/inclusion`: return { hashes: this.path(query('index')).map(base64) };
      case `${this.name}/consistency`: return { hashes: this.consistency(query('from')).map(base64) };
      default: return undefined;
    }
  }
}

export class Simulated {
  readonly log = new SignedLog('surveys');
  readonly drawn = new Map<string, string>();
  readonly requests: Request[] = [];
  state = 'open';
  counted: { entry: string; pos: number } | undefined;
  /** What goes wrong next: "lose" answers nothing after the work is done. */
  trouble: '' | 'lose' | 'other-key' | 'other-answers' | 'no-leaf' | 'other-ledger' = '';
  private readonly receipts = generateKeyPairSync('ed25519');
  private opened = '';
  private openedAt = 0;

  start(): this {
    const entry = { round, questionnaire: base64url(sha('q')), rules: base64url(sha('r')), roll: base64url(sha('l')), dwellings: 5, opensOn: '2026-11-22', closesOn: '2026-12-06',
      receiptKey: base64url(raw(this.receipts.publicKey)), keys: [{ stratum: 's0001', key: base64url(sha(spki(rsa))), dwellings: 5 }] };
    this.opened = JSON.stringify({ type: 'round_opened', v: 1, entry });
    this.log.add('before');
    this.openedAt = this.log.add(this.opened);
    return this;
  }

  readonly api = createApi({ language: () => 'zh-CN', reauthenticate: () => Promise.resolve(false), chooseCapacity: () => Promise.resolve(undefined) }, async (input) => {
    const request = new Request(input);
    this.requests.push(request.clone());
    const answer = await this.answer(request);
    if (this.trouble === 'lose' && request.method === 'POST') {
      this.trouble = '';
      throw new TypeError('network');
    }
    return answer;
  });

  private async answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const shown = this.log.answer(url);
    if (shown) return Response.json(shown);
    const path = url.pathname.replace('/api/v1', '').replace(`/public/survey-rounds/${round}`, '/public').replace(`/survey-rounds/${round}/dwellings/${unit}`, '/own');
    switch (path) {
      case '/public': return Response.json(this.paper());
      case '/public/leaves': return Response.json({ items: [{ kind: 'round_opened', body: this.opened, hash: '', ...(this.trouble === 'no-leaf' ? {} : { entry: this.openedAt }) }] });
      case '/own/ballot': return this.draw((await request.json()) as { blinded: string });
      case '/public/responses': return this.cast(await request.json());
      default: return this.counted && path.startsWith('/public/responses/') ? Response.json(this.counted) : Response.json({ code: 'not_found' }, { status: 404 });
    }
  }

  private paper() {
    return { id: round, title: 't', state: this.state, questionnaire: form, formHash: base64url(sha('q')), receiptKey: base64url(raw(this.receipts.publicKey)), keys: [{ stratum: 's0001', publicKey: base64(spki(this.trouble === 'other-key' ? foreign : rsa)), name: 'n', dwellings: 5 }] };
  }

  private draw({ blinded }: { blinded: string }): Response {
    if ((this.drawn.get(unit) ?? blinded) !== blinded) return Response.json({ code: 'survey.drawn_already' }, { status: 409 });
    this.drawn.set(unit, blinded);
    return Response.json({ blindSignature: base64(privateDecrypt({ key: rsa.privateKey, padding: constants.RSA_NO_PADDING }, fromBase64(blinded))) });
  }

  private async cast(body: { ballot: { key: string; token: string; prefix: string; signature: string }; revision: number; opening: string; answers: Record<string, never>; salt: string; textSalt: string }): Promise<Response> {
    const token = fromBase64url(body.ballot.token, 32);
    const signed = concat(fromBase64url(body.ballot.prefix), encode(labels.message, idBytes(round), fromBase64url(body.ballot.key), token));
    const key = await crypto.subtle.importKey('spki', spki(rsa), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
    if (!(await RSABSSA.SHA384.PSS.Randomized().verify(key, fromBase64url(body.ballot.signature), signed))) return Response.json({ code: 'ballot.forged' }, { status: 422 });
    let climbed = fromBase64url(body.opening);
    for (let i = 0; i < body.revision; i++) climbed = sha(encode(labels.revision, climbed));
    if (base64url(climbed) !== body.ballot.token) return Response.json({ code: 'ballot.revision' }, { status: 422 });
    const answers = this.trouble === 'other-answers' ? { clean: 1 } : body.answers;
    const name = await nameOf(round, token);
    const fixed = await commitment(round, name, body.salt, canonical(scored(form, answers)), await wordsHash(body.textSalt, canonical(words(form, answers))));
    const head = concat(idBytes(round), fromBase64url(body.ballot.key), fromBase64url(name), fromBase64url(fixed), Uint8Array.of(0, 0, 0, body.revision));
    const entry = JSON.stringify({ type: 'response', v: 1, entry: { round, key: body.ballot.key, token: name, revision: body.revision, opening: body.opening, commitment: fixed, attributes: base64url(sha('a')) } });
    this.counted = { entry, pos: -1 };
    return Response.json({ receipt: `RPR1.${base64url(concat(head, sign(null, encode(labels.receipt, head), this.receipts.privateKey)))}` }, { status: 201 });
  }

  /** Closes the round: what was cast last is a leaf now. */
  close(): void {
    this.state = 'closed';
    this.log.add('seal');
    if (this.counted) this.counted.pos = this.log.add(this.counted.entry);
    this.log.add('closed');
  }

  /** Writes the ledger's history anew, with the same key. */
  rewrite(): void {
    this.log.leaves[0] = sha('another past');
  }
}

/** A device that forgets everything when the test ends. */
export class MemoryStore implements Store {
  held = new Map<string, Envelope>();
  ledger: Known | undefined;
  envelope = (r: string, u: string) => Promise.resolve(this.held.get(r + u));
  change = (r: string, u: string, to: (e: Envelope | undefined) => Envelope) => {
    const next = to(this.held.get(r + u));
    this.held.set(r + u, next);
    return Promise.resolve(next);
  };
  forget = (r: string, u: string) => Promise.resolve(void this.held.delete(r + u));
  known = () => Promise.resolve(this.ledger);
  know = (_log: LogName, known: Known) => Promise.resolve(void (this.ledger = known));
  forgetLedger = () => Promise.resolve(void (this.ledger = undefined));
}
