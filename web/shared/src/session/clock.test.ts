import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { heard, now } from './clock';

const noon = Date.parse('2026-11-22T04:00:00Z');
const hour = 3_600_000;
const answer = (at: number, caching = 'no-store') => new Response('', { headers: { Date: new Date(at).toUTCString(), 'Cache-Control': caching } });

describe('the clock that remaining times go by', () => {
  beforeEach(() => void vi.useFakeTimers({ now: noon }));
  afterEach(() => {
    heard(answer(Date.now()));
    vi.useRealTimers();
  });

  it('is the server’s where the phone’s is hours wrong, also before the next answer', () => {
    heard(answer(noon + 2 * hour));
    vi.setSystemTime(noon + 600_000);
    expect(now()).toBe(noon + 2 * hour + 600_000);
  });

  it('is the phone’s own where that is right but for the way of an answer', () => {
    heard(answer(noon - 9000));
    expect(now()).toBe(noon);
  });

  it('does not jump with each answer, and follows a phone that was put right', () => {
    heard(answer(noon + 2 * hour));
    heard(answer(noon + 2 * hour - 7000));
    expect(now()).toBe(noon + 2 * hour);
    heard(answer(noon + 400));
    expect(now()).toBe(noon);
  });

  it('learns nothing from what a cache has kept', () => {
    heard(answer(noon - 5 * hour, 'private, max-age=86400, immutable'));
    heard(new Response('', { headers: { 'Cache-Control': 'no-store' } }));
    expect(now()).toBe(noon);
  });
});
