import { concat, idBytes, utf8, type Bytes } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { BallotError } from '../ballot/problem';

/** The choice for one item: a bit for each option from the lowest, or one of the two below. */
export type Choice = number;

/** Against; of several options: none of them. */
export const against: Choice = 2 ** 30;
export const abstain: Choice = 2 ** 31;
/** The choice of an option, from 0. */
export const option = (n: number): Choice => 2 ** n;

/** What a sealed choice belongs to: it opens nowhere else. */
export interface Context {
  vote: string;
  /** Hash of the items as they were announced, hex. */
  form: string;
  /** Line of the roll. */
  head: number;
}

/** What can be chosen for an item. */
export interface Question {
  options: number;
  most: number;
}

const fourBytes = (n: number): Bytes => {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, n);
  return out;
};

/** Reads hex of 32 bytes. */
export function hashBytes(hex: string): Bytes {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new BallotError('malformed');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** What HPKE binds a choice to. */
export const info = ({ vote, form, head }: Context): Bytes => concat(utf8('redproperty sealed choice 1\0'), idBytes(vote), hashBytes(form), fourBytes(head));

/** The choices of a ballot as they are sealed: a version, then four bytes an item. */
export const plain = (choices: Choice[]): Bytes => concat(Uint8Array.of(1), ...choices.map(fourBytes));

/** Reads an opened ballot; undefined when it is none. */
export function readPlain(bytes: Uint8Array, items: number): Choice[] | undefined {
  if (bytes.length !== 1 + 4 * items || bytes[0] !== 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: items }, (_, i) => view.getUint32(1 + 4 * i));
}

/** How many options a choice names. */
function named(choice: Choice): number {
  let n = 0;
  for (let rest = choice; rest > 0; rest = Math.floor(rest / 2)) n += rest % 2;
  return n;
}

/** Whether a choice can be made for a question. */
export function fits({ options, most }: Question, choice: Choice): boolean {
  if (choice === against || choice === abstain) return true;
  return choice >= 1 && choice < option(options) && named(choice) <= most;
}

/** The options that a choice names, from 0. */
export const chosen = (choice: Choice, options: number): number[] =>
  choice === against || choice === abstain ? [] : Array.from({ length: options }, (_, n) => n).filter((n) => Math.floor(choice / option(n)) % 2 === 1);

/** Names a ballot in the ledger. */
export const commitment = async (at: Context, revision: number, channel: string, sealed: Uint8Array): Promise<string> =>
  hex(await sha256(concat(utf8('redproperty vote ballot 1\0'), info(at), fourBytes(revision), utf8(`${channel}\0`), sealed)));

/** Hides a choice on paper from whoever has not the paper: two persons who enter the same paper make the same mark. */
export const mark = async (at: Context, code: string, choices: Choice[]): Promise<string> =>
  hex(await sha256(concat(utf8('redproperty vote paper 1\0'), info(at), fourBytes(utf8(code).length), utf8(code), ...choices.map(fourBytes))));

/** A choice as a person reads it; say has the shared words. */
export function choiceWords(options: { text: string }[], choice: Choice, say: (word: 'abstain' | 'against' | 'noneOf') => string, locale: string): string {
  if (choice === abstain) return say('abstain');
  if (choice === against) return say(options.length > 1 ? 'noneOf' : 'against');
  return chosen(choice, options.length).map((n) => options[n]?.text ?? '').join(locale === 'en' ? ', ' : '、');
}
