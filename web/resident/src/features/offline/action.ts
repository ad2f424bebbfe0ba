import type { ApiError } from '@redproperty/shared/api/problem';

/** Why the server said no, as it is kept with what was refused. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

/**
 * One thing that a person did, kept on the device until the server has clearly said yes or no. Its key is its name and the
 * Idempotency-Key of every attempt: however often it is sent, it happens once.
 */
export interface Action<I = unknown> {
  key: string;
  /** Place in the queue. */
  seq: number;
  /** Whose it is. Nobody else's log-in sends it. */
  account: string;
  /** What is done, as "jobs.resolve": the feature that sends it, and its name there. */
  kind: string;
  /** What it is done to. Actions on the same go one after another, and wait where one of them was refused. */
  about: string;
  /** What the person reads it as: the title of the order. */
  title: string;
  input: I;
  /** A photo. */
  blob?: Blob | undefined;
  /** The version that was on the screen, for If-Match. */
  version?: number | undefined;
  /** Key of an action whose answer tells what this one is about. */
  after?: string | undefined;
  madeAt: number;
  /** When it may have left the device for the first time; absent while it surely has not. */
  triedAt?: number | undefined;
  /** What on the same was refused already when the person did this, by key. It is not held back by that: it may be what puts it right. */
  knows?: string[] | undefined;
  /** How often the server failed over it. */
  failures?: number | undefined;
  refusal?: Refusal | undefined;
  /** What came back, kept until the person has seen it. */
  answer?: unknown;
}

export type NewAction<I = unknown> = Omit<Action<I>, 'seq' | 'knows' | 'triedAt' | 'failures' | 'refusal' | 'answer'>;

/** What changes of a queue: rows that are written, and keys of rows that go. */
export interface Change {
  put: Action[];
  remove: string[];
}

/** The server remembers a key for 48 hours. What may have arrived longer ago than this is not sent again without asking. */
export const keyLasts = 44 * 3_600_000;
/** A row over which the server fails this often no longer holds up the others. */
export const mostFailures = 5;

/** The code of a refusal that is the device's own: the outcome is unknown and the key may be forgotten. */
export const doubtful = 'offline.doubtful';

export type Standing = 'waiting' | 'refused' | 'sent';

export function standing(a: Action): Standing {
  if (a.answer !== undefined) return 'sent';
  return a.refusal ? 'refused' : 'waiting';
}

const none: Change = { put: [], remove: [] };
const find = (all: Action[], key: string) => all.find((a) => a.key === key);

/** Puts actions at the end, in their order. One that is there already stays as it is. */
export function added(all: Action[], fresh: NewAction[]): Change {
  let seq = all.reduce((most, a) => Math.max(most, a.seq), 0);
  return { put: fresh.filter((a) => !find(all, a.key)).map((a) => ({ ...a, seq: ++seq, knows: refusedOf(all, a) })), remove: [] };
}

/** The next to be sent for this account: the oldest that waits for no other and is not behind one that was refused. */
export function next(all: Action[], account: string): Action | undefined {
  const held = new Set<string>();
  for (const a of [...all].sort((x, y) => x.seq - y.seq)) {
    if (a.account !== account || standing(a) !== 'waiting' || held.has(a.about) || isBehind(all, a)) continue;
    if (a.after === undefined) return a;
    held.add(a.about);
  }
  return undefined;
}

/** What on the same was refused and waits for the person. */
const refusedOf = (all: Action[], a: Pick<Action, 'account' | 'about'>) => all.filter((r) => r.account === a.account && r.about === a.about && standing(r) === 'refused').map((r) => r.key);

/** Whether it waits until the person has decided about what was refused before it. */
export function isBehind(all: Action[], a: Action): boolean {
  return standing(a) === 'waiting' && refusedOf(all.filter((r) => r.seq < a.seq), a).some((key) => !a.knows?.includes(key));
}

/** Whether it may have arrived so long ago that the server no longer knows its key. */
export function isDoubtful(a: Action, now: number): boolean {
  return a.triedAt !== undefined && now - a.triedAt > keyLasts;
}

/** Notes, before it leaves, that it may arrive. */
export function tried(all: Action[], key: string, now: number): Change {
  const a = find(all, key);
  return a && a.triedAt === undefined ? { put: [{ ...a, triedAt: now }], remove: [] } : none;
}

/** What an answer means for the rest of the queue. */
export interface Effect {
  /** What actions that waited for this answer are about. */
  about?: string | undefined;
  /** The version after it. */
  version?: number | undefined;
  /** What the person still has to see of it. */
  keep?: unknown;
}

/**
 * The server took it. What waited for it can go; what was decided on the same version of the same thing goes on from the new
 * one, unless somebody else changed it in between: then the server will refuse it and the person decides.
 */
export function sent(all: Action[], key: string, effect: Effect): Change {
  const done = find(all, key);
  if (!done) return none;
  const change: Change = { put: [], remove: [] };
  if (effect.keep === undefined) change.remove.push(key);
  else change.put.push({ ...done, refusal: undefined, blob: undefined, answer: effect.keep });
  for (const a of all) {
    if (a.key === key) continue;
    if (a.after === key) change.put.push({ ...a, after: undefined, about: effect.about ?? a.about });
    else if (follows(a, done) && effect.version !== undefined && effect.version === (a.version ?? 0) + 1) change.put.push({ ...a, version: effect.version });
  }
  return change;
}

const follows = (a: Action, done: Action) => a.account === done.account && a.about === done.about && a.seq > done.seq && a.version !== undefined && standing(a) !== 'sent';

/** The server clearly said no: it waits for the person. */
export function refused(all: Action[], key: string, error: Pick<ApiError, 'status' | 'code' | 'message'>): Change {
  const a = find(all, key);
  return a ? { put: [{ ...a, refusal: { status: error.status, code: error.code, message: error.message } }], remove: [] } : none;
}

/** The server failed over it. After too many times it waits for the person, so that the rest can go. */
export function failed(all: Action[], key: string, error: Pick<ApiError, 'status' | 'code' | 'message'>): Change {
  const a = find(all, key);
  if (!a) return none;
  const failures = (a.failures ?? 0) + 1;
  return failures < mostFailures ? { put: [{ ...a, failures }], remove: [] } : refused([{ ...a, failures }], key, error);
}

/** The person wants it all the same. With another version it is another request, so it takes a new key; `version` is what they have seen. */
export function repeated(all: Action[], key: string, fresh: string, version: number | undefined): Change {
  const a = find(all, key);
  if (!a) return none;
  const again: Action = { ...a, key: fresh, version: a.version === undefined ? undefined : version, refusal: undefined, failures: undefined, triedAt: undefined };
  const waiting = all.filter((w) => w.after === key).map((w) => ({ ...w, after: fresh }));
  return { put: [again, ...waiting], remove: [key] };
}

/** The person gives it up, and with it what needs its answer. */
export function discarded(all: Action[], key: string): Change {
  return { put: [], remove: [key, ...all.filter((a) => a.after === key).map((a) => a.key)] };
}

/** The person wants something else in its place. */
export function replaced(all: Action[], key: string, by: NewAction): Change {
  const a = find(all, key);
  return a ? { put: [{ ...by, seq: a.seq }], remove: discarded(all, key).remove } : none;
}
