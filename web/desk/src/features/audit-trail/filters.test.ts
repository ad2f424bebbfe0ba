import { describe, expect, it } from 'vitest';

import { fromQuery, toQuery, toRequest } from './filters';

const id = '0194f7a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b';

describe('filters of the trail', () => {
  it('go into the address and come back', () => {
    const f = { kind: 'work_order', object: id, account: id, from: '2026-11-01', to: '2026-11-30' };
    expect(fromQuery(toQuery(f) as Record<string, string>)).toEqual(f);
    expect(toRequest(f)).toEqual({ objectKind: 'work_order', objectId: id, account: id, from: '2026-11-01', to: '2026-11-30' });
  });

  it('leave out what is out of shape, and a thing without its kind', () => {
    expect(fromQuery({ kind: "'; --", object: id, account: 'x', from: 'yesterday' })).toEqual({ kind: '', object: '', account: '', from: '', to: '' });
    expect(toQuery(fromQuery({}))).toEqual({});
  });
});
