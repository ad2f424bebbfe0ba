import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';

import { remembered } from './remembered';

/** What the way of an answer, and a Date header in whole seconds, may make of a clock that is right. */
const tolerance = 30_000;

const kept = remembered('redproperty.clock', '0');
/** How many milliseconds the server's clock is ahead of this device's. Kept for a start without a network. */
const ahead = ref(Number(kept.get()) || 0);

/**
 * The moment by the server's clock: what is due and how long ago something was does not go by a phone whose clock is hours
 * wrong. In a template it is read anew once the server was heard.
 */
export function now(): number {
  return Date.now() + ahead.value;
}

/** Learns from an answer what time it is at the server. One that a cache may have kept tells nothing. */
export function heard(response: Response, at: number = Date.now()): void {
  const said = Date.parse(response.headers.get('Date') ?? '');
  if (Number.isNaN(said) || !response.headers.get('Cache-Control')?.includes('no-store')) return;
  const found = Math.abs(said - at) < tolerance ? 0 : said - at;
  if (found !== 0 && Math.abs(found - ahead.value) < tolerance) return;
  if (found === ahead.value) return;
  ahead.value = found;
  kept.set(String(found));
}

const beat = ref(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The present moment for countdowns, `step` milliseconds at a time. One timer for the whole window. In setup. */
export function useNow(step = 1000): ComputedRef<number> {
  if (users++ === 0) {
    beat.value = Date.now();
    timer = setInterval(() => (beat.value = Date.now()), 1000);
  }
  onScopeDispose(() => {
    if (--users === 0) clearInterval(timer);
  });
  return computed(() => Math.floor((beat.value + ahead.value) / step) * step);
}
