import type { Action, Change } from './action';

/** Where the queue is kept. A change is computed from what is there and written in one step, whatever other tabs do. */
export interface Box {
  /** In the order of the queue. */
  all(): Promise<Action[]>;
  edit(change: (all: Action[]) => Change): Promise<void>;
}

const inOrder = (all: Action[]) => [...all].sort((a, b) => a.seq - b.seq);

/** A queue that lasts as long as the page. */
export class MemoryBox implements Box {
  constructor(public rows: Action[] = []) {}

  async all(): Promise<Action[]> {
    return inOrder(this.rows);
  }

  async edit(change: (all: Action[]) => Change): Promise<void> {
    const { put, remove } = change(inOrder(this.rows));
    const gone = new Set([...remove, ...put.map((a) => a.key)]);
    this.rows = [...this.rows.filter((a) => !gone.has(a.key)), ...put];
  }
}

const name = 'redproperty.outbox';
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
    request.onupgradeneeded = () => request.result.createObjectStore('actions', { keyPath: 'key' });
    return done(request);
  })();
  opened.then((db) => (db.onclose = () => (opened = undefined)), () => (opened = undefined));
  return opened;
}

/** The browser's own database. What it resolves has reached the disk, as far as the browser says. */
export const deviceBox: Box = {
  async all() {
    return inOrder(await done<Action[]>((await database()).transaction('actions').objectStore('actions').getAll()));
  },
  async edit(change) {
    const transaction = (await database()).transaction('actions', 'readwrite', { durability: 'strict' });
    const end = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the browser kept nothing'));
    });
    end.catch(() => undefined); // told below; an early failure of the reading must not leave it unheard
    const store = transaction.objectStore('actions');
    const { put, remove } = change(inOrder(await done<Action[]>(store.getAll())));
    for (const key of remove) store.delete(key);
    for (const action of put) store.put(action);
    await end;
  },
};
