import { afterEach, expect, it, vi } from 'vitest';

import { useCopy } from './use-copy';

afterEach(() => vi.unstubAllGlobals());

it.each([
  ['yes', { clipboard: { writeText: () => Promise.resolve() } }],
  ['failed', { clipboard: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) } }],
  ['failed', {}],
])('tells %s', async (told, navigator) => {
  vi.stubGlobal('navigator', navigator);
  const { copied, copy } = useCopy();
  await copy('words');
  expect(copied.value).toBe(told);
});
