// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { effectScope, nextTick, type EffectScope } from 'vue';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { ApiError, unreachable } from '@redproperty/shared/api/problem';
import { useAction } from '@redproperty/shared/composables/use-action';

import { useAgain } from './again';
import { useDevice } from './state';

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** An action that finds nobody until told otherwise, repeated by itself. */
function casting() {
  const answer = { error: new ApiError({ status: 0, code: unreachable, detail: '' }) as ApiError | undefined };
  const keys: string[] = [];
  return scope.run(() => {
    const action = useAction(async ({ key }, choice: string) => {
      keys.push(key);
      if (answer.error) throw answer.error;
      return choice;
    });
    return { answer, keys, action, device: useDevice(), away: useAgain(action, () => action.run('yes')) };
  })!;
}

it('repeats under the same key once the network is back', async () => {
  const { answer, keys, action, device, away } = casting();
  device.online = false;
  await action.run('yes');
  await nextTick();
  expect(away.value).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(keys).toHaveLength(1); // there is nobody to ask while the device knows of no network
  answer.error = undefined;
  device.online = true;
  await vi.advanceTimersByTimeAsync(0);
  expect(new Set(keys).size).toBe(1);
  expect(keys).toHaveLength(2);
  expect(away.value).toBe(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(keys).toHaveLength(2);
});

it('tries every so often where the device only believes that it has a network, and not after a refusal', async () => {
  const { answer, keys, action, away } = casting();
  await action.run('yes');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(keys).toHaveLength(2);
  answer.error = new ApiError({ status: 409, code: 'vote.state', detail: '' });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(keys).toHaveLength(3);
  expect(away.value).toBe(false);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(keys).toHaveLength(3);
});

it('stops when the person goes back to what they chose', async () => {
  const { keys, action, away } = casting();
  await action.run('yes');
  await nextTick();
  away.value = false;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(keys).toHaveLength(1);
});
