import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';

import { take, type Api, type Schemas } from '../api/client';
import { ApiError } from '../api/problem';
import { eraseKept, keep, recall } from './kept';
import { knownPhone } from './known-phone';
import { marked } from './mark';
import { remembered } from './remembered';

export type Account = Schemas['SelfView'];
export type Capacity = Schemas['Capacity'];

const preferred = remembered('redproperty.capacity', '');
const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('redproperty.session');

/** Who is logged in, and what they may do. */
export const useSession = defineStore('session', () => {
  const account = shallowRef<Account>();
  /** unknown until the server was asked once. */
  const state = ref<'unknown' | 'in' | 'out'>('unknown');
  /** True while a log-in that ended waits to be renewed over the page. */
  const expired = ref(false);
  /** True while the account is the device's own copy, since the server could not be asked. */
  const copied = ref(false);
  /** The capacity that the person chose to act in where several permit an act. */
  const capacity = ref(preferred.get());
  let waiting: ((renewed: boolean) => void)[] = [];

  const capacities = computed<Capacity[]>(() => account.value?.capacities ?? []);
  const permissions = computed(() => new Set(capacities.value.flatMap((c) => c.permissions ?? [])));

  /** True where another app of the street vouched for the phone: such a log-in reads and reports, but does not speak for the household. */
  const vouched = computed(() => account.value?.limitedBy === 'auth.ticket_limited');

  /** Asks the server who is logged in, unless no log-in has left its mark. */
  async function load(api: Api): Promise<void> {
    if (!marked()) return forget();
    try {
      know(await take(api.GET('/api/v1/account')));
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown;
      forget();
    }
  }

  function know(found: Account): void {
    account.value = found;
    state.value = 'in';
    copied.value = false;
    void keep('', 'account', found);
  }

  /** Goes on as who was logged in last on this device, where the server cannot be asked; true where somebody was. */
  async function resume(): Promise<boolean> {
    const last = await recall<Account>('', 'account');
    if (!last || state.value !== 'unknown') return state.value === 'in';
    account.value = last.value;
    state.value = 'in';
    copied.value = true;
    return true;
  }

  /** After a log-in: loads the account, and lets what waited for it go on if the same person is back. */
  async function entered(api: Api): Promise<void> {
    const before = account.value?.account;
    const now = await take(api.GET('/api/v1/account'));
    if (before !== now.account) await eraseKept();
    know(now);
    channel?.postMessage(now.account);
    if (!expired.value) return;
    if (before !== now.account) {
      startAnew();
      return;
    }
    release(true);
  }

  /** Leaves a page that shows what is another person's. That person is out first: nothing here may hold the page back, or be sent in the new one's name. */
  function startAnew(): void {
    state.value = 'out';
    globalThis.location.reload();
  }

  /** Ends the log-in here and in the other tabs. `left` runs once the server knows, while it is still known who it was. */
  async function logOut(api: Api, left?: () => Promise<void>): Promise<void> {
    try {
      await api.DELETE('/api/v1/auth/sessions/current');
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown; // an ended log-in has been left already
    }
    await left?.();
    knownPhone.set('');
    forget();
    channel?.postMessage('');
  }

  function forget(): void {
    account.value = undefined;
    state.value = 'out';
    copied.value = false;
    void eraseKept();
    release(false);
  }

  function release(renewed: boolean): void {
    expired.value = false;
    const done = waiting;
    waiting = [];
    for (const resolve of done) resolve(renewed);
  }

  /** Called when the server no longer knows the log-in. Resolves when the person has logged in again over the page. */
  function renew(): Promise<boolean> {
    if (state.value !== 'in') return Promise.resolve(false);
    expired.value = true;
    copied.value = false; // it was the server that said so: it can be asked
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** Gives up the expired log-in and goes on as nobody. */
  function giveUp(): void {
    forget();
  }

  /** Goes on as nobody after the account was erased; nothing on the device tells who it was. */
  function erased(): void {
    knownPhone.set('');
    forget();
  }

  function prefer(id: string): void {
    capacity.value = id;
    preferred.set(id);
  }

  /** Whether any capacity of the person has one of the permissions. The server decides; this only tidies the page. */
  function can(...any: string[]): boolean {
    return any.some((p) => permissions.value.has(p));
  }

  /** Whether a post of the person has one of the permissions. What residents read of contracts and places is on the phone. */
  function atWork(...any: string[]): boolean {
    return capacities.value.some((c) => c.organisation && any.some((p) => c.permissions?.includes(p)));
  }

  function hasRole(...any: string[]): boolean {
    return capacities.value.some((c) => any.includes(c.role));
  }

  // Another tab logged in as somebody else or out: this page shows what is no longer theirs, so it starts anew.
  channel?.addEventListener('message', (event: MessageEvent<string>) => {
    if (event.data !== (account.value?.account ?? '')) startAnew();
    else if (expired.value) release(true);
  });

  return { account, state, expired, copied, vouched, capacity, capacities, load, resume, entered, logOut, renew, giveUp, erased, prefer, can, atWork, hasRole };
});
