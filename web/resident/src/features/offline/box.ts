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

/** How long the device's storage is waited for: in some web views it never answers, and nothing may hang on that. */
const patience = 3000;
/** Once it did not answer it is left alone for so long, so that the person waits once and not at each step. */
const rest = 60_000;
let silentUntil = 0;

function unanswered(): Error {
  silentUntil = Date.now() + rest;
  return new Error('the browser did not answer');
}

/** What the storage answers, or that it does not. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(unanswered()), patience)));
  try {
    return await Promise.race([asked, over]);
  } finally {
    clearTimeout(timer);
  }
}

async function database(): Promise<IDBDatabase> {
  if (Date.now() < silentUntil) throw new Error('the browser did not answer before');
  opened ??= (() => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('actions', { keyPath: 'key' });
    return inTime(done(request));
  })();
  opened.then((db) => (db.onclose = () => (opened = undefined)), () => (opened = undefined));
  return opened;
}

/** The browser's own database. What it resolves has reached the disk, as far as the browser says. */
export const deviceBox: Box = {
  async all() {
    return inOrder(await inTime(done<Action[]>((await database()).transaction('actions').objectStore('actions').getAll())));
  },
  async edit(change) {
    const transaction = (await database()).transaction('actions', 'readwrite', { durability: 'strict' });
    const end = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the browser kept nothing'));
    });
    end.catch(() => undefined); // told below; an early failure of the reading must not leave it unheard
    const store = transaction.objectStore('actions');
    const { put, remove } = change(inOrder(await inTime(done<Action[]>(store.getAll()))));
    for (const key of remove) store.delete(key);
    for (const action of put) store.put(action);
    await end;
  },
};

/**
 * A queue on the device that goes on where the device keeps nothing: what could not be written is held by the page, over what is
 * on the device, and is written as soon as that works. One edit at a time; `told` hears whether the page alone has a row.
 */
export class HeldBox implements Box {
  /** Rows that could not be written, and keys (without a row) of those that could not be deleted. */
  private readonly held = new Map<string, Action | undefined>();
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly device: Box, private readonly told: (alone: boolean) => void) {}

  async all(): Promise<Action[]> {
    return this.over(await this.device.all().catch(() => []));
  }

  edit(change: (all: Action[]) => Change): Promise<void> {
    this.last = this.last.catch(() => undefined).then(() => this.write(change));
    return this.last;
  }

  private async write(change: (all: Action[]) => Change): Promise<void> {
    try {
      await this.device.edit((rows) => this.withHeld(change(this.over(rows))));
      this.held.clear();
    } catch {
      this.hold(change(await this.all()));
    }
    this.told([...this.held.values()].some((a) => a !== undefined));
  }

  private over(rows: Action[]): Action[] {
    const own = [...this.held.values()].filter((a) => a !== undefined);
    return inOrder([...rows.filter((a) => !this.held.has(a.key)), ...own]);
  }

  /** The change, with what could not be written before. */
  private withHeld({ put, remove }: Change): Change {
    const touched = new Set([...remove, ...put.map((a) => a.key)]);
    const before = [...this.held].filter(([key]) => !touched.has(key));
    return { put: [...before.flatMap(([, a]) => a ?? []), ...put], remove: [...before.flatMap(([key, a]) => (a ? [] : [key])), ...remove] };
  }

  private hold({ put, remove }: Change): void {
    for (const key of remove) this.held.set(key, undefined);
    for (const a of put) this.held.set(a.key, a);
  }
}
