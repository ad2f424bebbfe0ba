import { describe, expect, it, vi } from 'vitest';

import { ApiError } from '@redproperty/shared/api/problem';

import { useSeen } from './seen';

/** A server that has version 4 of the thing. */
const change = vi.fn(async (match: { 'If-Match': string }) => {
  if (match['If-Match'] !== '"4"') throw new ApiError({ status: 412, code: 'version.stale' });
  return 'saved';
});

describe('a form about something that somebody else changed', () => {
  it('is refused once, and goes over it the next time', async () => {
    const send = useSeen(3, async () => ({ version: 4 }));
    await expect(send(change)).rejects.toMatchObject({ status: 412 });
    expect(await send(change)).toBe('saved');
  });

  it('asks again where the version of now could not be read', async () => {
    const read = vi.fn().mockRejectedValueOnce(new TypeError()).mockResolvedValue({ version: 4 });
    const send = useSeen(3, read);
    await expect(send(change)).rejects.toMatchObject({ status: 412 });
    await expect(send(change)).rejects.toMatchObject({ status: 412 });
    expect(await send(change)).toBe('saved');
  });

  it('goes over nothing after another refusal', async () => {
    const read = vi.fn();
    const send = useSeen(4, read);
    await expect(send(async () => { throw new ApiError({ status: 422 }); })).rejects.toMatchObject({ status: 422 });
    expect([await send(change), read.mock.calls.length]).toEqual(['saved', 0]);
  });
});
