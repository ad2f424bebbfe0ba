// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { takeNewer } from './worker';

const reload = vi.fn();
let workers: EventTarget & { getRegistration: () => Promise<unknown> };

/** A browser whose newer worker answers as given when it is told to take over. */
function browser(waiting: { postMessage: () => void } | null): void {
  workers = Object.assign(new EventTarget(), { getRegistration: () => Promise.resolve({ waiting }) });
  vi.stubGlobal('navigator', { serviceWorker: workers });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(location, 'reload').mockImplementation(reload);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  reload.mockClear();
});

it('starts the page anew once the newer version serves it', async () => {
  browser({ postMessage: () => workers.dispatchEvent(new Event('controllerchange')) });
  await takeNewer();
  expect(reload).toHaveBeenCalledOnce();
});

it('starts the page anew after three seconds where the older version does not let go', async () => {
  browser({ postMessage: () => undefined });
  await takeNewer();
  await vi.advanceTimersByTimeAsync(2900);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(reload).toHaveBeenCalledOnce();
});

it('starts the page anew at once where the newer version serves already', async () => {
  browser(null);
  await takeNewer();
  expect(reload).toHaveBeenCalledOnce();
});
