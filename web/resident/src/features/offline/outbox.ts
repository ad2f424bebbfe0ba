import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';

import { newKey, take, type Api } from '@redproperty/shared/api/client';
import { ApiError, asApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { useAction, type Action as Doing, type Attempt } from '@redproperty/shared/composables/use-action';
import { now } from '@redproperty/shared/session/clock';
import { useSession } from '@redproperty/shared/session/session';

import * as queue from './action';
import type { Action, Effect, NewAction } from './action';
import { deviceBox, HeldBox, type Box } from './box';
import { handlerOf, headersOf } from './handlers';
import { pause, replay, type Stop } from './replay';

/** What a feature hands in. */
export type What = Pick<NewAction, 'kind' | 'title' | 'input' | 'blob' | 'version'> & { about?: string };

/** What became of it so far: the server has it, it is kept and will be sent, or the server said no. */
export type Outcome = { state: 'sent'; answer?: unknown } | { state: 'waiting' } | { state: 'refused'; error: ApiError };

/** How long a person looks at a turning wheel before it is said that it is kept and goes on by itself. */
const patience = 10_000;
/** How long one attempt may take; photos on a weak signal need longer. */
const longest = { words: 25_000, photo: 180_000 };
/** How long it counts as known that the log-in is still the same person's. */
const sure = 300_000;

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('redproperty.outbox');
const wait = (ms: number) => new Promise<void>((over) => setTimeout(over, ms));
/** One tab at a time sends. Without locks two tabs may send the same; the keys make it once all the same. */
const alone = <T>(body: () => Promise<T>): Promise<T> => (navigator.locks ? navigator.locks.request('redproperty.outbox', body) as Promise<T> : body());

const useStore = defineStore('outbox', () => {
  const session = useSession();
  /** Whether something is held by this page alone, since the device keeps nothing: it goes with the page. */
  const fleeting = ref(false);
  const box: Box = new HeldBox(deviceBox, (alone) => (fleeting.value = alone));
  const rows = shallowRef<Action[]>([]);
  const sending = ref<string>();
  /** Which share of a photo has left, by key. */
  const progress = reactive(new Map<string, number>());
  const errors = new Map<string, ApiError>();
  const account = computed(() => session.account?.account ?? '');
  const mine = computed(() => rows.value.filter((a) => a.account === account.value));
  let api: Api | undefined;
  let chain: Promise<Stop> = Promise.resolve({ why: 'empty' });
  let confirmed = { account: '', at: 0 };
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Looks at what is kept on the device. */
  async function look(): Promise<void> {
    rows.value = await box.all();
  }

  async function edit(change: (all: Action[]) => queue.Change): Promise<void> {
    await box.edit(change);
    await look();
    channel?.postMessage('changed');
  }
  channel?.addEventListener('message', () => void look());

  async function send(action: Action): Promise<Effect> {
    const handler = await handlerOf(action.kind);
    if (!handler || !api) throw new ApiError({ status: 410, code: 'offline.unknown' });
    const patience = new AbortController(); // older web views know no AbortSignal.timeout
    const timer = setTimeout(() => patience.abort(), action.blob ? longest.photo : longest.words);
    try {
      return await handler.send(api, action, { headers: headersOf(action), signal: patience.signal, progress: (share) => progress.set(action.key, share) });
    } catch (thrown) {
      const error = thrown instanceof DOMException ? new ApiError({ status: 0, code: 'client.unreachable' }) : asApiError(thrown);
      errors.set(action.key, error);
      throw error;
    } finally {
      clearTimeout(timer);
      progress.delete(action.key);
    }
  }

  /** Whether the log-in is still that of the person whose actions are to be sent. */
  async function same(who: string): Promise<boolean> {
    if (confirmed.account === who && Date.now() - confirmed.at < sure) return true;
    if (!api) return false;
    const now = await take(api.GET('/api/v1/account'));
    confirmed = { account: now.account, at: Date.now() };
    return now.account === who;
  }

  async function sendAll(who: string): Promise<Stop> {
    if (!queue.next(await box.all(), who)) return { why: 'empty' };
    try {
      if (!(await same(who))) return { why: 'login' };
    } catch (thrown) {
      return asApiError(thrown).status === 401 ? { why: 'login' } : { why: 'away' };
    }
    return replay(box, who, send, Date.now, (action) => {
      sending.value = action?.key;
      void look();
    });
  }

  /** Sends what waits. Calls while it is under way come after it, so that nothing is missed. */
  function run(): Promise<Stop> {
    const who = account.value;
    if (who === '') return Promise.resolve({ why: 'login' });
    const before = chain;
    chain = before.catch(() => undefined).then(() => alone(() => sendAll(who)));
    void chain.then(plan, () => plan({ why: 'away' }));
    return chain;
  }

  function plan(stop: Stop): void {
    clearTimeout(timer);
    void look().then(() => channel?.postMessage('changed'));
    tries = stop.why === 'empty' ? 0 : tries + 1;
    if (stop.why === 'away') timer = setTimeout(() => void run(), pause(tries));
    if (stop.why === 'wait') timer = setTimeout(() => void run(), stop.ms);
  }

  async function outcome(key: string): Promise<Outcome> {
    const row = (await box.all()).find((a) => a.key === key);
    if (!row) return { state: 'sent' };
    if (row.answer !== undefined) return { state: 'sent', answer: row.answer };
    if (!row.refusal) return { state: 'waiting' };
    const { status, code, message } = row.refusal;
    const error = errors.get(key) ?? new ApiError({ status, code, detail: message });
    await edit((all) => queue.discarded(all, key)); // the person is there: the page itself says what was refused
    return { state: 'refused', error };
  }

  /**
   * Does something through the queue: it is kept on the device first, then sent at once where the network is there. The key is
   * the attempt's. What comes along (photos) needs the answer of the first and goes after it.
   */
  async function submit({ key }: Pick<Attempt, 'key'>, what: What, along: What[] = []): Promise<Outcome> {
    const base = { account: account.value, madeAt: now() };
    const first: NewAction = { ...base, about: key, ...what, key };
    const more = along.map((w): NewAction => ({ ...base, about: key, ...w, key: newKey(), after: key }));
    await edit((all) => queue.added(all, [first, ...more]));
    void navigator.storage?.persist?.().catch(() => undefined);
    if (!navigator.onLine) return { state: 'waiting' };
    await Promise.race([run().catch(() => undefined), wait(patience)]);
    return outcome(key);
  }

  /** Adds something that is sent whenever it can be, without waiting for it. */
  async function add(what: What & { about: string }): Promise<void> {
    await edit((all) => queue.added(all, [{ ...what, account: account.value, madeAt: now(), key: newKey() }]));
    void run();
  }

  /** Repeats what was refused, as the person has seen it now. */
  async function repeat(action: Action): Promise<void> {
    const handler = await handlerOf(action.kind);
    const version = action.version !== undefined && handler?.seen && api ? await handler.seen(api, action.about) : undefined;
    await edit((all) => queue.repeated(all, action.key, newKey(), version));
    await run();
  }

  const discard = (key: string) => edit((all) => queue.discarded(all, key));

  async function replace(action: Action, kind: string, input: unknown): Promise<void> {
    await edit((all) => queue.replaced(all, action.key, { key: newKey(), account: action.account, kind, about: action.about, title: action.title, input, madeAt: action.madeAt }));
    await run();
  }

  /** Forgets everything that one account, or every other one, left unsent. */
  const erase = (whose: 'mine' | 'others') => edit((all) => ({ put: [], remove: all.filter((a) => (a.account === account.value) === (whose === 'mine')).map((a) => a.key) }));

  return {
    rows, sending, progress, fleeting, look, run, submit, add, repeat, discard, replace, erase,
    use: (client: Api) => void (api = client),
    mine,
    waiting: computed(() => mine.value.filter((a) => queue.standing(a) === 'waiting')),
    refused: computed(() => mine.value.filter((a) => queue.standing(a) === 'refused')),
    arrived: computed(() => mine.value.filter((a) => queue.standing(a) === 'sent')),
    others: computed(() => (account.value === '' ? 0 : rows.value.filter((a) => a.account !== account.value && queue.standing(a) !== 'sent').length)),
  };
});

/** The queue of what was done on this device and is not yet at the server, in setup. */
export function useOutbox() {
  const store = useStore();
  store.use(useApi());
  return store;
}

/** One thing that a person does, through the queue: as useAction, and the result says whether it was sent or is kept. */
export function useQueued<A extends unknown[]>(make: (...input: A) => What | { what: What; along: What[] }): Doing<A, Exclude<Outcome, { state: 'refused' }>> {
  const outbox = useOutbox();
  return useAction(async (attempt, ...input: A) => {
    const made = make(...input);
    const out = await ('what' in made ? outbox.submit(attempt, made.what, made.along) : outbox.submit(attempt, made));
    if (out.state === 'refused') throw out.error;
    return out;
  });
}
