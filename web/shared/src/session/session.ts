import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';

import { take, type Api, type Schemas } from '../api/client';
import { ApiError } from '../api/problem';
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
  /** The capacity that the person chose to act in where several permit an act. */
  const capacity = ref(preferred.get());
  let waiting: ((renewed: boolean) => void)[] = [];

  const capacities = computed<Capacity[]>(() => account.value?.capacities ?? []);
  const permissions = computed(() => new Set(capacities.value.flatMap((c) => c.permissions ?? [])));

  /** Asks the server who is logged in. */
  async function load(api: Api): Promise<void> {
    try {
      account.value = await take(api.GET('/api/v1/account'));
      state.value = 'in';
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown;
      forget();
    }
  }

  /** After a log-in: loads the account, and lets what waited for it go on if the same person is back. */
  async function entered(api: Api): Promise<void> {
    const before = account.value?.account;
    account.value = await take(api.GET('/api/v1/account'));
    state.value = 'in';
    channel?.postMessage(account.value.account);
    if (!expired.value) return;
    if (before !== account.value.account) {
      globalThis.location.reload();
      return;
    }
    release(true);
  }

  /** Ends the log-in here and in the other tabs. */
  async function logOut(api: Api): Promise<void> {
    try {
      await api.DELETE('/api/v1/auth/sessions/current');
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 401) throw thrown; // an ended log-in has been left already
    }
    forget();
    channel?.postMessage('');
  }

  function forget(): void {
    account.value = undefined;
    state.value = 'out';
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
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** Gives up the expired log-in and goes on as nobody. */
  function giveUp(): void {
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

  function hasRole(...any: string[]): boolean {
    return capacities.value.some((c) => any.includes(c.role));
  }

  // Another tab logged in as somebody else or out: this page shows what is no longer theirs, so it starts anew.
  channel?.addEventListener('message', (event: MessageEvent<string>) => {
    if (event.data !== (account.value?.account ?? '')) globalThis.location.reload();
    else if (expired.value) release(true);
  });

  return { account, state, expired, capacity, capacities, load, entered, logOut, renew, giveUp, prefer, can, hasRole };
});
