// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { fetchStylesAgain } from './late-styles';

let end: () => void;
/** A sheet that is not there, and another thing that is not. */
function missing(tag: 'link' | 'img'): HTMLElement {
  const e = document.createElement(tag);
  if (e instanceof HTMLLinkElement) e.setAttribute('rel', 'stylesheet');
  document.head.append(e);
  e.dispatchEvent(new Event('error'));
  return e;
}

beforeEach(() => {
  vi.useFakeTimers();
  end = fetchStylesAgain();
});
afterEach(() => {
  end();
  vi.useRealTimers();
  vi.restoreAllMocks();
  document.head.innerHTML = '';
});

describe('a style sheet that could not be fetched', () => {
  it('is fetched again when the network is back', () => {
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    const first = missing('link');
    vi.advanceTimersByTime(60_000);
    expect(first.isConnected).toBe(true);
    dispatchEvent(new Event('online'));
    expect([first.isConnected, document.head.querySelectorAll('link[rel=stylesheet]').length]).toEqual([false, 1]);
  });

  it('is fetched again a while later where the server was away', () => {
    const first = missing('link');
    vi.advanceTimersByTime(5000);
    expect([first.isConnected, document.head.querySelectorAll('link').length]).toEqual([false, 1]);
  });

  it('is the only thing that is', () => {
    const picture = missing('img');
    vi.advanceTimersByTime(60_000);
    expect(picture.isConnected).toBe(true);
  });
});
