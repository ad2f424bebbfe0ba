import { concat, fromBase64, same, utf8, type Bytes } from './bytes';
import { verifyEd25519 } from './ed25519';
import { sha256 } from './hash';
import { BallotError } from './problem';

/** The ledger's public key, as it was learned at the first visit and kept since. */
export interface Verifier {
  /** The ledger's origin. */
  name: string;
  hash: Bytes;
  key: Bytes;
}

/** A verified state of a log: how many entries it has, and their root. */
export interface Checkpoint {
  size: number;
  root: Bytes;
}

/** The logs that devices look into: surveys, and the owners' decisions. */
export type LogName = 'surveys' | 'decisions';

/** Reads a verifier key in the text form of signed notes: name+hash+key. */
export async function parseVerifier(text: string): Promise<Verifier> {
  const [name = '', hash = '', ...rest] = text.split('+');
  const key = fromBase64(rest.join('+'));
  const expected = (await sha256(concat(utf8(`${name}\n`), key))).subarray(0, 4);
  if (name === '' || /\s/.test(name) || key.length !== 33 || key[0] !== 1) throw new BallotError('malformed');
  if (Array.from(expected, (b) => b.toString(16).padStart(2, '0')).join('') !== hash) throw new BallotError('malformed');
  return { name, hash: expected, key: key.slice(1) };
}

/** Checks the signature of a checkpoint of a log, and reads it. */
export async function openCheckpoint(verifier: Verifier, expected: LogName, note: string): Promise<Checkpoint> {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new BallotError('untrusted');
  const text = note.slice(0, split + 1);
  const signatures = note.slice(split + 2, -1).split('\n').map((line) => /^\u2014 (\S+) (\S+)$/.exec(line)).filter((m) => m?.[1] === verifier.name);
  let signed = false;
  for (const match of signatures) {
    const bytes = fromBase64(match?.[2] ?? '');
    if (!same(bytes.subarray(0, 4), verifier.hash)) continue;
    signed ||= await verifyEd25519(verifier.key, utf8(text), bytes.slice(4));
  }
  const [log, size = '', root = ''] = text.split('\n');
  if (!signed || log !== `${verifier.name}/${expected}` || !/^(0|[1-9]\d{0,14})$/.test(size)) throw new BallotError('untrusted');
  const hash = fromBase64(root);
  if (hash.length !== 32) throw new BallotError('untrusted');
  return { size: Number(size), root: hash };
}

const node = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(concat(Uint8Array.of(1), left, right));
const record = (data: Bytes): Promise<Bytes> => sha256(concat(Uint8Array.of(0), data));

/** The greatest power of two below n. */
function half(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The root of a tree of these leaves (RFC 6962, section 2.1). */
export async function rootOf(leaves: Bytes[]): Promise<Bytes> {
  const join = async (list: Bytes[]): Promise<Bytes> => {
    const [only] = list;
    if (!only) throw new BallotError('malformed');
    if (list.length === 1) return only;
    const k = half(list.length);
    return node(await join(list.slice(0, k)), await join(list.slice(k)));
  };
  return join(await Promise.all(leaves.map(record)));
}

/** Takes the last hash of a proof away. */
function split(proof: Bytes[]): [Bytes[], Bytes] {
  const last = proof[proof.length - 1];
  if (!last) throw new BallotError('untrusted');
  return [proof.slice(0, -1), last];
}

/** The root that an audit path gives for a leaf (RFC 6962, section 2.1.1). */
async function rootByPath(path: Bytes[], size: number, index: number, leaf: Bytes): Promise<Bytes> {
  if (size === 1) {
    if (path.length > 0) throw new BallotError('untrusted');
    return leaf;
  }
  const [rest, sibling] = split(path);
  const k = half(size);
  return index < k ? node(await rootByPath(rest, k, index, leaf), sibling) : node(sibling, await rootByPath(rest, size - k, index - k, leaf));
}

/** The leaf of an entry that is a text. */
export const leafOf = (entry: string): Promise<Bytes> => sha256(utf8(entry));

/** Checks that a leaf is in the tree at `index`. */
export async function checkIncluded(tree: Checkpoint, leaf: Bytes, index: number, path: Bytes[]): Promise<void> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= tree.size) throw new BallotError('untrusted');
  if (!same(await rootByPath(path, tree.size, index, await record(leaf)), tree.root)) throw new BallotError('untrusted');
}

/** A complete part of a tree: 2^level leaves. */
interface Subtree {
  level: number;
  hash: Bytes;
}

/** What comes before a leaf, the largest part first: the siblings on the left of the way from the root to it. */
function leftOf(path: Bytes[], size: number, index: number): Subtree[] {
  if (size === 1) {
    if (path.length > 0) throw new BallotError('untrusted');
    return [];
  }
  const [rest, sibling] = split(path);
  const k = half(size);
  return index < k ? leftOf(rest, k, index) : [{ level: Math.log2(k), hash: sibling }, ...leftOf(rest, size - k, index - k)];
}

/** Checks that leaves are all that a tree holds from a place to its end; the path is that of the first of them. */
export async function checkRange(tree: Checkpoint, from: number, leaves: Bytes[], path: Bytes[]): Promise<void> {
  if (!Number.isSafeInteger(from) || from < 0 || leaves.length === 0 || leaves.length !== tree.size - from) throw new BallotError('untrusted');
  const parts = leftOf(path, tree.size, from);
  for (const leaf of leaves) {
    let last: Subtree = { level: 0, hash: await record(leaf) };
    for (let before = parts.at(-1); before?.level === last.level; before = parts.at(-1)) {
      parts.pop();
      last = { level: last.level + 1, hash: await node(before.hash, last.hash) };
    }
    parts.push(last);
  }
  let root = parts.pop()!.hash;
  for (let before = parts.pop(); before; before = parts.pop()) root = await node(before.hash, root);
  if (!same(root, tree.root)) throw new BallotError('untrusted');
}

/** The roots of the older and the newer tree that a consistency proof gives (RFC 6962, section 2.1.2). */
async function rootsByProof(proof: Bytes[], size: number, older: number, whole: boolean, oldRoot: Bytes): Promise<[Bytes, Bytes]> {
  if (older === size) {
    if (whole) {
      if (proof.length > 0) throw new BallotError('untrusted');
      return [oldRoot, oldRoot];
    }
    const [rest, root] = split(proof);
    if (rest.length > 0) throw new BallotError('untrusted');
    return [root, root];
  }
  const [rest, sibling] = split(proof);
  const k = half(size);
  if (older <= k) {
    const [before, now] = await rootsByProof(rest, k, older, whole, oldRoot);
    return [before, await node(now, sibling)];
  }
  const [before, now] = await rootsByProof(rest, size - k, older - k, false, oldRoot);
  return [await node(sibling, before), await node(sibling, now)];
}

/** Checks that a newer tree begins with the older one: that history was not written anew. */
export async function checkExtends(older: Checkpoint, newer: Checkpoint, proof: Bytes[]): Promise<void> {
  if (older.size === 0) return;
  if (older.size > newer.size) throw new BallotError('untrusted');
  const [before, now] = await rootsByProof(proof, newer.size, older.size, true, older.root);
  if (!same(before, older.root) || !same(now, newer.root)) throw new BallotError('untrusted');
}
