import type { Schemas } from '../api/client';
import { concat, idBytes, same, utf8, type Bytes } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { hashBytes, hex } from './choice';

type Leaf = Schemas['VoteLeaf'];

/** How the ledger marks what is of one vote, as package votebundle of the server's project has it: eight bytes, then 192 bits of the hash of what a leaf says. */
export interface Marks {
  step: Bytes;
  /** Of the ballots, told at the closing; without it they are marked as steps. */
  salt: Bytes | undefined;
}

const markLength = 8;
const labelled = (label: string, ...parts: Uint8Array[]) => sha256(concat(utf8(`redproperty vote ${label} 1\0`), ...parts));

interface Said {
  salt?: string;
  ballotSalt?: string;
}

/** The marks of a vote from what the server lists of it; undefined where the closing names another salt than the opening promised. */
export async function marksOf(vote: string, leaves: Leaf[]): Promise<Marks | undefined> {
  const step = (await labelled('steps', idBytes(vote))).slice(0, markLength);
  const [opened, closed] = ['open', 'close'].map((kind) => leaves.filter((l) => l.kind === kind).at(-1)).map((l) => l && (JSON.parse(l.body) as Said));
  if (!opened?.salt || !closed) return { step, salt: undefined };
  const salt = hashBytes(closed.ballotSalt ?? '');
  return hex(await labelled('salt', salt)) === opened.salt ? { step, salt } : undefined;
}

const ballotMark = async (salt: Bytes, digest: Uint8Array): Promise<Bytes> => (await labelled('ballots', salt, digest)).slice(0, markLength);

/** The ledger's leaf of what the server lists. */
export async function markedLeaf({ step, salt }: Marks, { kind, body }: Pick<Leaf, 'kind' | 'body'>): Promise<Bytes> {
  const digest = (await sha256(utf8(`redproperty vote leaf 2\0${body}`))).slice(0, 32 - markLength);
  return concat(kind === 'ballot' && salt ? await ballotMark(salt, digest) : step, digest);
}

async function ours({ step, salt }: Marks, leaf: Bytes): Promise<boolean> {
  const mark = leaf.slice(0, markLength);
  return same(mark, step) || (salt !== undefined && same(mark, await ballotMark(salt, leaf.slice(markLength))));
}

/** The first place from which on everything that is listed of a vote is in a log, no later than the given one. */
export const firstOf = (leaves: Leaf[], no: number): number => Math.max(0, Math.min(no, ...leaves.flatMap((l) => l.entry ?? [])));

/**
 * The first place of a log at which what it holds of a vote and what the server lists of it part: a leaf that is another one, or one that is not
 * listed. These are all leaves of the log from a place on; the list is younger.
 */
export async function parting(marks: Marks, listed: Leaf[], from: number, all: Bytes[]): Promise<{ entry: number; hidden: boolean } | undefined> {
  const known = new Set<string>();
  for (const leaf of listed) {
    const is = await markedLeaf(marks, leaf);
    known.add(hex(is));
    if (leaf.entry === undefined || leaf.entry >= from + all.length) continue;
    const there = all[leaf.entry - from];
    if (!there || !same(there, is)) return { entry: leaf.entry, hidden: false };
  }
  for (const [i, leaf] of all.entries()) {
    if ((await ours(marks, leaf)) && !known.has(hex(leaf))) return { entry: from + i, hidden: true };
  }
  return undefined;
}

/** Whether a step that a vote takes once is listed twice. */
export const twice = (leaves: Leaf[]): boolean => ['announce', 'make_key', 'open', 'close', 'count', 'publish'].some((kind) => leaves.filter((l) => l.kind === kind).length > 1);
