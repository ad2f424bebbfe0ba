import type { Envelope } from './envelope';
import type { LogName } from './ledger';
import { BallotError } from './problem';

/** What this device knows of a log of the ledger from before: its key, and the newest checkpoint it has seen. */
export interface Known {
  verifierKey: string;
  note?: string;
}

/** Where a device keeps ballots. A change reads and writes in one step, so that two tabs never overwrite each other. */
export interface Store {
  envelope(round: string, unit: string): Promise<Envelope | undefined>;
  change(round: string, unit: string, to: (envelope: Envelope | undefined) => Envelope): Promise<Envelope>;
  forget(round: string, unit: string): Promise<void>;
  known(log: LogName): Promise<Known | undefined>;
  know(log: LogName, known: Known): Promise<void>;
  /** Forgets what was seen of every log: the next one shown is believed. Only the person decides that. */
  forgetLedger(): Promise<void>;
}

/** Where each log's is kept; the first had a name before there were several. */
const place: Record<LogName, string> = { surveys: 'key', decisions: 'decisions' };

const at = (round: string, unit: string) => `${round}/${unit}`;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new BallotError('unkept', request.error));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(new BallotError('unkept', transaction.error));
  });
}

let opened: Promise<IDBDatabase> | undefined;

/** How long the browser is waited for: in some web views its storage never answers, and pages that ask it would wait for ever. */
const patience = 5000;

/** A browser told to keep nothing throws at once. */
function asked(): IDBOpenDBRequest {
  try {
    return indexedDB.open('redproperty.ballots', 1);
  } catch (thrown) {
    throw new BallotError('unkept', thrown);
  }
}

function database(): Promise<IDBDatabase> {
  opened ??= (async () => {
    const request = asked();
    request.onupgradeneeded = () => {
      request.result.createObjectStore('envelopes');
      request.result.createObjectStore('ledger');
    };
    return Promise.race([done(request), new Promise<never>((_, reject) => setTimeout(() => reject(new BallotError('unkept')), patience))]);
  })();
  opened.catch(() => (opened = undefined));
  return opened;
}

/** The browser's own database. What it resolves has reached the disk, as far as the browser says. */
export const deviceStore: Store = {
  async envelope(round, unit) {
    return done<Envelope | undefined>((await database()).transaction('envelopes').objectStore('envelopes').get(at(round, unit)));
  },
  async change(round, unit, to) {
    const transaction = (await database()).transaction('envelopes', 'readwrite', { durability: 'strict' });
    const store = transaction.objectStore('envelopes');
    const end = committed(transaction);
    const next = to(await done<Envelope | undefined>(store.get(at(round, unit))));
    store.put(JSON.parse(JSON.stringify(next)), at(round, unit));
    await end;
    return next;
  },
  async forget(round, unit) {
    const transaction = (await database()).transaction('envelopes', 'readwrite');
    transaction.objectStore('envelopes').delete(at(round, unit));
    await committed(transaction);
  },
  async known(log) {
    return done<Known | undefined>((await database()).transaction('ledger').objectStore('ledger').get(place[log]));
  },
  async know(log, known) {
    const transaction = (await database()).transaction('ledger', 'readwrite');
    transaction.objectStore('ledger').put(known, place[log]);
    await committed(transaction);
  },
  async forgetLedger() {
    const transaction = (await database()).transaction('ledger', 'readwrite', { durability: 'strict' });
    transaction.objectStore('ledger').clear();
    await committed(transaction);
  },
};
