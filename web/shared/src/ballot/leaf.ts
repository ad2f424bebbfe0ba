import { BallotError } from './problem';

/** The entry that opened a round: from there on nothing of it can change. */
export interface RoundOpened {
  round: string;
  questionnaire: string;
  rules: string;
  roll: string;
  dwellings: number;
  opensOn: string;
  closesOn: string;
  receiptKey: string;
  keys: { stratum: string; key: string; dwellings: number }[];
  pledges?: string[];
}

/** A counted response. */
export interface CountedResponse {
  round: string;
  key: string;
  token: string;
  revision: number;
  opening: string;
  commitment: string;
  attributes: string;
}

/** The seal of what a stratum had drawn by the end of a day: one commitment for each dwelling that is asked. */
export interface DrawSeal {
  round: string;
  key: string;
  day: string;
  count: number;
  root: string;
}

/** Fields of each kind in the one order that is written. */
const forms = {
  round_opened: ['round', 'questionnaire', 'rules', 'roll', 'dwellings', 'opensOn', 'closesOn', 'receiptKey', 'keys', 'pledges'],
  draw_seal: ['round', 'key', 'day', 'count', 'root'],
  response: ['round', 'key', 'token', 'revision', 'opening', 'commitment', 'attributes'],
} as const;

interface Entries {
  round_opened: RoundOpened;
  draw_seal: DrawSeal;
  response: CountedResponse;
}

/** Reads an entry of a kind in the one form that the server writes, and in no other: a text that reads differently to different readers is refused. */
export function parseEntry<K extends keyof Entries>(kind: K, text: string): Entries[K] {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch (cause) {
    throw new BallotError('malformed', cause);
  }
  const { type, v, entry } = (frame ?? {}) as { type?: unknown; v?: unknown; entry?: Record<string, unknown> };
  if (type !== kind || v !== 1 || typeof entry !== 'object' || entry === null) throw new BallotError('malformed');
  const allowed: readonly string[] = forms[kind];
  const inOrder = Object.keys(entry).every((field) => allowed.includes(field)) && allowed.every((field) => field in entry || field === 'pledges');
  if (!inOrder || JSON.stringify({ type, v, entry: sorted(entry, allowed) }) !== text) throw new BallotError('malformed');
  return entry as unknown as Entries[K];
}

function sorted(entry: Record<string, unknown>, order: readonly string[]): Record<string, unknown> {
  const keys = (list: unknown) => (Array.isArray(list) ? list.map((k: { stratum?: unknown; key?: unknown; dwellings?: unknown }) => ({ stratum: k.stratum, key: k.key, dwellings: k.dwellings })) : list);
  return Object.fromEntries(order.filter((f) => f in entry).map((f) => [f, f === 'keys' ? keys(entry[f]) : entry[f]]));
}
