import { afterEach, expect, it, vi } from 'vitest';

import { deviceStore } from './store';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('says that the browser keeps nothing, whether it throws at once or fails later', async () => {
  vi.stubGlobal('indexedDB', { open: () => { throw new DOMException('denied', 'SecurityError'); } });
  await expect(deviceStore.envelope('r', 'u')).rejects.toMatchObject({ fault: 'unkept' });
  vi.stubGlobal('indexedDB', { open: () => {
    const request = { error: new DOMException('full', 'QuotaExceededError'), onerror: () => undefined };
    queueMicrotask(() => request.onerror());
    return request;
  } });
  await expect(deviceStore.envelope('r', 'u')).rejects.toMatchObject({ fault: 'unkept' });
});

it('does not wait for a browser that never answers', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('indexedDB', { open: () => ({}) });
  const refused = expect(deviceStore.envelope('r', 'u')).rejects.toMatchObject({ fault: 'unkept' });
  await vi.advanceTimersByTimeAsync(5000);
  await refused;
});
