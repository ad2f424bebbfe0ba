import { p256, p256_hasher } from '@noble/curves/nist.js';

import { base64, concat, fromBase64, idBytes, same, utf8, type Bytes } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import type { Schemas } from '../api/client';
import { abstain, against, chosen, fits, hex, info, readPlain, type Choice, type Context, type Question } from './choice';
import { openBySecret } from './open';
import { encLength, openFor, scanInfo, sealTo } from './seal';

// What a teller's own device does: the same as package teller of the server's project, byte for byte. The private key of a vote is
// never put together: two tellers' parts open one choice at a time (docs/adr/0015-sealed-choices.md).

const { Point } = p256;
const { Fn } = Point;
type Element = InstanceType<typeof Point>;

/** What a teller keeps to themselves, as the command line keeps it in a file. Bytes are base64. */
export interface Secret {
  vote: string;
  no: number;
  /** Private key by which the others reach this teller. */
  transport: string;
  /** The share of one's own dealing that is for oneself. */
  own?: string;
  /** As it was sent, so that sending it again sends the same. */
  dealing?: Dealing;
  dealtTo: (string | null)[];
  /** The sum of the shares that were dealt to this teller. */
  share?: string;
  /** How many entries the log of decisions had before the key was made. */
  since?: number;
}

export interface Dealing {
  from: number;
  commitments: string[];
  shares: { to: number; sealed: string }[];
}

export interface Key {
  public: string;
  parts: string[];
}

/** What one teller contributes to opening ballots: a point for each, and proofs that they were made with the teller's share. */
export interface Part {
  teller: number;
  points: string[];
  proofs: string[];
}

export interface SealedBallot {
  head: number;
  weight: Schemas['Weight'];
  sealed: string;
  /** Of a paper: what the other of two persons sealed. */
  second?: string;
}

/**
 * What is wrong with a teller's work, and whose. differs: the published key is not the one that this teller computed; unkept: the browser keeps nothing.
 * Of what the server hands out: ledger, box, ballot, scan: it is not what the ledger has of the vote, of a line's ballot, of its picture; hidden: the ledger has an entry of the vote that it does not list; unasked: nobody asked for the opening.
 */
export class TellerError extends Error {
  /** @param no the teller's seat; of a ballot its line of the roll; hidden: the entry of the ledger. */
  constructor(readonly fault: 'dealing' | 'part' | 'secret' | 'differs' | 'unkept' | 'ledger' | 'box' | 'ballot' | 'scan' | 'hidden' | 'unasked', readonly no: number) {
    super(`teller ${no}: ${fault}`);
    this.name = 'TellerError';
  }
}

const bytes = (p: Element): Bytes => Uint8Array.from(p.toBytes(true));
const scalarBytes = (s: bigint): Bytes => Uint8Array.from(Fn.toBytes(s));
const toText = (p: Element): string => base64(bytes(p));
const fromText = (text: string): Element => Point.fromBytes(fromBase64(text));
const scalar = (text: string): bigint => Fn.fromBytes(fromBase64(text));
const random = (): bigint => Fn.fromBytes(p256.utils.randomSecretKey());
const times = (p: Element, s: bigint): Element => (s === 0n ? Point.ZERO : p.multiplyUnsafe(s));

/** Begins the secret of a teller; the seat is known once it is taken. */
export const startTeller = (vote: string): Secret => ({ vote, no: 1, transport: base64(Uint8Array.from(p256.utils.randomSecretKey())), dealtTo: [null, null, null] });

/** The public key by which the others reach a teller. */
export const reachOf = (s: Secret): string => base64(Uint8Array.from(p256.getPublicKey(fromBase64(s.transport), false)));

const shareInfo = (vote: string, from: number, to: number) => concat(utf8('redproperty teller share 1\0'), idBytes(vote), Uint8Array.of(from, to));
const partInfo = (vote: string, purpose: string, from: number, to: number) => concat(utf8('redproperty teller part 1\0'), idBytes(vote), idBytes(purpose), Uint8Array.of(from, to));

/** Deals a fresh secret to the three tellers: commitments for everybody, a sealed share for each other. */
export async function deal(s: Secret, reach: string[]): Promise<Secret> {
  if (s.dealing?.from === s.no && JSON.stringify(s.dealtTo) === JSON.stringify(reach)) return s;
  const [a, b] = [random(), random()];
  const share = (to: number) => Fn.add(a, Fn.mul(b, BigInt(to)));
  const shares = await Promise.all([1, 2, 3].filter((to) => to !== s.no).map(async (to) => ({
    to, sealed: base64(await sealTo(fromBase64(reach[to - 1] ?? ''), shareInfo(s.vote, s.no, to), scalarBytes(share(to)))),
  })));
  const { share: _old, ...rest } = s;
  return { ...rest, own: base64(scalarBytes(share(s.no))), dealtTo: reach, dealing: { from: s.no, commitments: [a, b].map((c) => toText(Point.BASE.multiply(c))), shares } };
}

/** Checks every share that was dealt to this teller, and makes the key with its hash. A dealer whose share does not fit is named. */
export async function finish(s: Secret, reach: string[], dealings: Dealing[]): Promise<{ secret: Secret; key: Key; hash: string }> {
  if (JSON.stringify(s.dealtTo) !== JSON.stringify(reach)) throw new TellerError('secret', s.no);
  let sum = 0n;
  for (const d of dealings) {
    const value = await dealtValue(s, d);
    const [c0, c1] = d.commitments.map(fromText) as [Element, Element];
    if (value === undefined || !times(Point.BASE, value).equals(c0.add(times(c1, BigInt(s.no))))) throw new TellerError('dealing', d.from);
    sum = Fn.add(sum, value);
  }
  return { secret: { ...s, share: base64(scalarBytes(sum)) }, ...(await combine(s.vote, reach, dealings)) };
}

async function dealtValue(s: Secret, d: Dealing): Promise<bigint | undefined> {
  if (d.from === s.no) return s.own === undefined ? undefined : scalar(s.own);
  const sealed = d.shares.find((x) => x.to === s.no)?.sealed ?? '';
  try {
    return Fn.fromBytes(await openFor(fromBase64(s.transport), shareInfo(s.vote, d.from, s.no), fromBase64(sealed)));
  } catch {
    return undefined; // what does not open is no share, and its dealer is named
  }
}

/** The public key of three dealings, with what each teller's parts are checked against. */
export async function combine(vote: string, reach: string[], dealings: Dealing[]): Promise<{ key: Key; hash: string }> {
  const points = dealings.map((d) => d.commitments.map(fromText) as [Element, Element]);
  const whole = points.reduce((sum, [c0]) => sum.add(c0), Point.ZERO);
  const parts = [1n, 2n, 3n].map((no) => points.reduce((sum, [c0, c1]) => sum.add(c0).add(times(c1, no)), Point.ZERO));
  const hash = await sha256(concat(utf8('redproperty teller key 1\0'), idBytes(vote), ...reach.map(fromBase64), ...dealings.flatMap((d) => d.commitments.map(fromBase64))));
  return { key: { public: base64(Uint8Array.from(whole.toBytes(false))), parts: parts.map(toText) }, hash: hex(hash) };
}

/** How many ballots share a proof. */
const batch = 10_000;
const dst = 'redproperty teller part 1';
const label = (text: string) => utf8(`${text}${dst}`);
const measured = (b: Uint8Array): Bytes => concat(Uint8Array.of(b.length >> 8, b.length & 255), b);
const hashToScalar = (message: Bytes): bigint => p256_hasher.hashToScalar(message, { DST: label('HashToScalar-') });
/** Lets the page breathe between ballots. */
const breathe = () => new Promise((next) => setTimeout(next));

/** The weighted sums of the bases and of the points that a proof is about. */
async function composites(publicPart: Element, from: Element[], made: Element[]): Promise<[Element, Element]> {
  const seed = await sha256(concat(measured(bytes(publicPart)), measured(label('Seed-'))));
  let [m, z] = [Point.ZERO, Point.ZERO];
  for (const [j, b] of from.entries()) {
    const d = hashToScalar(concat(measured(seed), Uint8Array.of(j >> 8, j & 255), measured(bytes(b)), measured(bytes(made[j]!)), utf8('Composite')));
    [m, z] = [m.add(times(b, d)), z.add(times(made[j]!, d))];
    if (j % 20 === 19) await breathe();
  }
  return [m, z];
}

const challenge = (...points: Element[]): bigint => hashToScalar(concat(measured(bytes(Point.BASE)), ...points.map((p) => measured(bytes(p))), utf8('Challenge')));

/** What is opened of ballots, each by itself: of a paper what each of two persons sealed. */
const pieces = (ballots: SealedBallot[]): SealedBallot[] => ballots.flatMap(({ second, ...b }) => (second ? [b, { ...b, sealed: second }] : [b]));

/** The choices that two persons sealed of one paper; undefined where they did not seal the same. */
const agreed = (a: Choice[] | undefined, b: Choice[] | undefined): Choice[] | undefined => (a?.join() === b?.join() ? a : undefined);

const base = (b: SealedBallot): Element => Point.fromBytes(fromBase64(b.sealed).subarray(0, encLength));

/** This teller's part for the ballots, in their order. */
export async function makePart(s: Secret, key: Key, ballots: SealedBallot[]): Promise<Part> {
  const share = scalar(s.share ?? '');
  const mine = Point.BASE.multiply(share);
  if (toText(mine) !== key.parts[s.no - 1]) throw new TellerError('secret', s.no);
  const from = pieces(ballots).map(base);
  const made: Element[] = [];
  for (const [i, b] of from.entries()) {
    made.push(b.multiply(share));
    if (i % 20 === 19) await breathe();
  }
  const proofs: string[] = [];
  for (let at = 0; at < from.length; at += batch) {
    const [m, z] = await composites(mine, from.slice(at, at + batch), made.slice(at, at + batch));
    const r = random();
    const c = challenge(mine, m, z, Point.BASE.multiply(r), m.multiply(r));
    proofs.push(base64(concat(scalarBytes(c), scalarBytes(Fn.sub(r, Fn.mul(c, share))))));
  }
  return { teller: s.no, points: made.map(toText), proofs };
}

/** Wants a part that its teller's share made for exactly these ballots, and gives its points. What another device sent may be anything. */
async function checked(p: Part, key: Key, ballots: SealedBallot[]): Promise<Element[]> {
  try {
    return await proved(p, key, ballots);
  } catch (thrown) {
    throw thrown instanceof TellerError ? thrown : new TellerError('part', p.teller);
  }
}

async function proved(p: Part, key: Key, list: SealedBallot[]): Promise<Element[]> {
  const ballots = pieces(list);
  const wrong = new TellerError('part', p.teller);
  if (p.points.length !== ballots.length || p.proofs.length !== Math.ceil(ballots.length / batch)) throw wrong;
  const [mine, from, made] = [fromText(key.parts[p.teller - 1] ?? ''), ballots.map(base), p.points.map(fromText)];
  for (const [i, proof] of p.proofs.entries()) {
    const raw = fromBase64(proof);
    const [c, r] = [Fn.fromBytes(raw.subarray(0, 32)), Fn.fromBytes(raw.subarray(32, 64))];
    const [m, z] = await composites(mine, from.slice(i * batch, (i + 1) * batch), made.slice(i * batch, (i + 1) * batch));
    if (raw.length !== 64 || challenge(mine, m, z, times(Point.BASE, r).add(times(mine, c)), times(m, r).add(times(z, c))) !== c) throw wrong;
  }
  return made;
}

/** Opens ballots with the parts of two tellers, in memory; undefined is a ballot that holds no choices, or a paper of which two persons sealed different ones. */
export async function openBallots(key: Key, at: Omit<Context, 'head'>, items: number, ballots: SealedBallot[], a: Part, b: Part): Promise<(Choice[] | undefined)[]> {
  const opened = await openEach(key, ballots, a, b, (ballot) => info({ ...at, head: ballot.head }));
  const read = opened.map((plain) => plain && readPlain(plain, items));
  return ballots.map(({ second }) => {
    const [choices, other] = read.splice(0, second ? 2 : 1);
    return second ? agreed(choices, other) : choices;
  });
}

/** A single ballot as two tellers opened it: undefined choices are a ballot that holds none, an undefined picture is one that does not open. */
export interface Opened {
  choices: Choice[] | undefined;
  pictures: (Bytes | undefined)[];
}

/** What a teller's part for the opening of a single ballot is made for: the choice, then the pictures of its paper. */
export const singleList = (ballot: SealedBallot, scans: string[]): SealedBallot[] => [ballot, ...scans.filter(canHold).map((sealed) => ({ head: ballot.head, weight: ballot.weight, sealed }))];

/** Whether something sealed can hold a picture. What cannot was spoiled by whoever entered it, and must not hold up the opening. */
function canHold(scan: string): boolean {
  try {
    base({ head: 0, weight: { area: 0, heads: 0 }, sealed: scan });
    return true;
  } catch {
    return false;
  }
}

/** Opens a single ballot with its pictures by the parts that two tellers made for its list. */
export async function openSingle(key: Key, at: Omit<Context, 'head'>, items: number, list: SealedBallot[], a: Part, b: Part): Promise<Opened> {
  const sealed = list[0]?.second ? 2 : 1;
  const pictures = await openEach(key, list, a, b, ({ head }, i) => (i < sealed ? info({ ...at, head }) : scanInfo({ ...at, head })));
  const [first, second] = pictures.splice(0, sealed).map((plain) => plain && readPlain(plain, items));
  return { choices: sealed === 2 ? agreed(first, second) : first, pictures };
}

async function openEach(key: Key, ballots: SealedBallot[], a: Part, b: Part, about: (ballot: SealedBallot, i: number) => Bytes): Promise<(Bytes | undefined)[]> {
  if (a.teller === b.teller) throw new TellerError('part', b.teller);
  const [first, second] = [await checked(a, key, ballots), await checked(b, key, ballots)];
  const [la, lb] = [lagrange(a.teller, b.teller), lagrange(b.teller, a.teller)];
  const out: (Bytes | undefined)[] = [];
  for (const [i, ballot] of pieces(ballots).entries()) {
    const shared = times(first[i]!, la).add(times(second[i]!, lb));
    out.push(await openBySecret(Uint8Array.from(shared.toBytes(false)).slice(1, 33), fromBase64(key.public), about(ballot, i), fromBase64(ballot.sealed)));
    if (i % 20 === 19) await breathe();
  }
  return out;
}

/** The weight of a teller's part beside another's. */
const lagrange = (me: number, other: number): bigint => Fn.mul(BigInt(other), Fn.inv(Fn.sub(BigInt(other), BigInt(me))));

/** Counts opened ballots; spoiled are the heads whose ballots hold nothing that could be read. */
export function countBallots(form: Question[], ballots: SealedBallot[], opened: (Choice[] | undefined)[]): { outcome: Schemas['Outcome']; spoiled: number[] } {
  const zero = () => ({ area: 0, heads: 0 });
  const add = (to: Schemas['Weight'], w: Schemas['Weight']) => { to.area += w.area; to.heads += w.heads; };
  const outcome = { joined: zero(), items: form.map((q) => ({ options: Array.from({ length: q.options }, zero), against: zero(), abstain: zero(), void: zero() })) };
  for (const [n, ballot] of ballots.entries()) {
    add(outcome.joined, ballot.weight);
    for (const [i, q] of form.entries()) {
      const [at, choice] = [outcome.items[i]!, opened[n]?.[i]];
      if (choice === undefined || !fits(q, choice)) add(at.void, ballot.weight);
      else if (choice === against) add(at.against, ballot.weight);
      else if (choice === abstain) add(at.abstain, ballot.weight);
      else for (const o of chosen(choice, q.options)) add(at.options[o]!, ballot.weight);
    }
  }
  return { outcome, spoiled: ballots.filter((_, n) => opened[n] === undefined).map((b) => b.head) };
}

/**
 * Seals a part to another teller: the server passes it on and cannot open it. It goes to whom this teller dealt to, and to no key that a
 * server names later: with the parts of two tellers that one would open every ballot.
 */
export const sendPart = async (s: Secret, part: Part, purpose: string, to: number): Promise<string> =>
  base64(await sealTo(fromBase64(s.dealtTo[to - 1] ?? ''), partInfo(s.vote, purpose, s.no, to), utf8(JSON.stringify(part))));

/** Opens a part that another teller has sent. */
export async function receivePart(s: Secret, sealed: string, purpose: string, from: number): Promise<Part> {
  let part: Part;
  try {
    part = JSON.parse(new TextDecoder().decode(await openFor(fromBase64(s.transport), partInfo(s.vote, purpose, from, s.no), fromBase64(sealed)))) as Part;
  } catch {
    throw new TellerError('part', from);
  }
  if (part.teller !== from) throw new TellerError('part', from);
  return part;
}

/** Whether a file is a teller's of this vote. */
export function isSecret(value: unknown, vote: string): value is Secret {
  const s = value as Partial<Secret> | null;
  return typeof s === 'object' && s !== null && s.vote === vote && typeof s.no === 'number' && typeof s.transport === 'string' && Array.isArray(s.dealtTo);
}

/** Whether the seat was taken with this secret. */
export const sits = (s: Secret, reach: string): boolean => same(fromBase64(reachOf(s)), fromBase64(reach));
