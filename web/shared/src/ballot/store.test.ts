import { afterEach, expect, it, vi } from 'vitest';

import { deviceStore } from './store';

afterEach(() => { vi.unstubAllGlobals(); });

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
