import { now as present } from './clock';

/** How long a copy may be read without the server. A shift, not longer: the device may be lost. */
export const keptFor = 12 * 3_600_000;

export interface Kept<T> {
  value: T;
  /** When the server said so. */
  at: number;
}

/** How long the device's storage is waited for: in some web views it never answers, and nobody may be kept out by that. */
const patience = 2000;

const name = 'redproperty.kept';
let opened: Promise<IDBDatabase> | undefined;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser kept nothing'));
  });
}

function database(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('copies');
    return done(request).then((db) => {
      // Whoever erases it, in this tab or another, is not made to wait.
      db.onversionchange = db.onclose = () => {
        db.close();
        opened = undefined;
      };
      return db;
    });
  })();
  opened.catch(() => (opened = undefined));
  return opened;
}

/** What is asked, or `otherwise` where it fails or does not come in time. */
async function inTime<T>(asked: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<T>((resolve) => (timer = setTimeout(() => resolve(otherwise), patience)));
  try {
    return await Promise.race([asked.catch(() => otherwise), over]);
  } finally {
    clearTimeout(timer);
  }
}

const copies = async (mode: IDBTransactionMode) => (await database()).transaction('copies', mode).objectStore('copies');

/**
 * Keeps a copy of what the server answered, for reading without it. `whose` is the account: nobody else reads it. A browser that
 * keeps nothing does without.
 */
export async function keep(whose: string, what: string, value: unknown): Promise<void> {
  try {
    const copy: Kept<unknown> = { value: JSON.parse(JSON.stringify(value)), at: present() };
    (await copies('readwrite')).put(copy, `${whose}/${what}`);
  } catch {
    // Storage is full or forbidden: there is no copy.
  }
}

/** The copy, unless it is too old or there is none. */
export async function recall<T>(whose: string, what: string, now: number = present()): Promise<Kept<T> | undefined> {
  const copy = await inTime(copies('readonly').then((store) => done<Kept<T> | undefined>(store.get(`${whose}/${what}`))), undefined);
  return copy && now - copy.at <= keptFor ? copy : undefined;
}

/** The names of an account's copies that begin so. */
export async function names(whose: string, beginning: string): Promise<string[]> {
  const keys = await inTime(copies('readonly').then((store) => done(store.getAllKeys())), []);
  return keys.map(String).filter((k) => k.startsWith(`${whose}/${beginning}`)).map((k) => k.slice(whose.length + 1));
}

/** Takes a copy away. */
export async function drop(whose: string, what: string): Promise<void> {
  await inTime(copies('readwrite').then((store) => void store.delete(`${whose}/${what}`)), undefined);
}

/** Takes away every copy that is too old to be read. */
export async function sweepKept(now: number = present()): Promise<void> {
  try {
    const store = await copies('readwrite');
    const [keys, all] = await Promise.all([done(store.getAllKeys()), done<Kept<unknown>[]>(store.getAll())]);
    keys.forEach((key, i) => now - (all[i]?.at ?? 0) > keptFor && store.delete(key));
  } catch {
    // There is nothing to sweep.
  }
}

/** Erases all copies, at every end of a log-in. */
export async function eraseKept(): Promise<void> {
  const before = opened;
  opened = undefined;
  await inTime(erase(before), undefined);
}

async function erase(before: Promise<IDBDatabase> | undefined): Promise<void> {
  (await before)?.close();
  await done(indexedDB.deleteDatabase(name));
}
