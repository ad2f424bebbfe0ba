import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { Api } from '@redproperty/shared/api/client';

import type { Home } from '@/app/homes';

import { filtered, stillToAnswer, stillToVote } from './still-open';

const kept = vi.hoisted(() => ({ envelope: undefined as unknown }));
vi.mock('@redproperty/shared/ballot/store', () => ({ deviceStore: { envelope: async () => kept.envelope } }));
vi.mock('@redproperty/shared/ballot/problem', async (real) => ({ ...(await real<object>()), canVote: () => true }));

const { signal } = new AbortController();
const serving = (data: unknown) => ({ GET: async () => ({ data, response: new Response() }) }) as unknown as Api;
const home = (role: string) => ({ role, unit: 'u' }) as Home;
const round = { id: 'r', state: 'open' } as Parameters<typeof stillToAnswer>[2];
const line = (more: object) => ({ leftOut: false, sampled: true, mayDraw: true, ...more });
const asks = (own: object, ...roles: string[]) => stillToAnswer(serving(own), roles.map(home), round, signal);

beforeEach(() => (kept.envelope = undefined));

describe('a survey waits', () => {
  it('until this device has a receipt', async () => {
    expect(await asks(line({}), 'owner')).toBe(true);
    kept.envelope = { ballot: {}, casts: [{ revision: 1 }] };
    expect(await asks(line({ drawnOn: '2026-12-01' }), 'owner')).toBe(true);
    kept.envelope = { ballot: {}, casts: [{ revision: 1, receipt: 'R' }] };
    expect(await asks(line({ drawnOn: '2026-12-01' }), 'owner')).toBe(false);
  });

  it('for nobody who is not asked', async () => {
    expect(await asks(line({ sampled: false }), 'owner')).toBe(false);
    expect(await asks(line({ mayDraw: false }), 'owner')).toBe(false);
    expect(await asks(line({ drawnOn: '2026-12-01' }), 'owner')).toBe(false);
    expect(await asks(line({}), 'helper')).toBe(false);
    expect(await asks(line({}), 'helper', 'tenant')).toBe(true);
  });
});

describe('a vote waits', () => {
  const heads = (...items: object[]) => stillToVote(serving({ items }), { id: 'v' }, signal);

  it('as long as a line has no ballot, and nobody else was given it', async () => {
    expect(await heads()).toBe(false);
    expect(await heads({ head: 1 })).toBe(true);
    expect(await heads({ head: 1, ballot: {} })).toBe(false);
    expect(await heads({ head: 1, ballot: {} }, { head: 2, delegate: true })).toBe(true);
    expect(await heads({ head: 1, proxy: { takenAt: '2026-12-01' } })).toBe(false);
    expect(await heads({ head: 1, proxy: {} })).toBe(true);
  });
});

it('keeps the order of a list', async () => {
  expect(await filtered([1, 2, 3, 4], async (n) => n % 2 === 0)).toEqual([2, 4]);
  expect(await filtered(null, async () => true)).toEqual([]);
});
