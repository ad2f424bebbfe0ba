import { describe, expect, it } from 'vitest';

import type { Action } from '@/features/offline/action';

import type { Detail } from './jobs';
import { ahead, unsentOf } from './pending';

const order = (state: string, allowed: string[], more: object = {}) => ({ state, paused: false, steps: allowed.map((step) => ({ step, allowed: true })), times: { stages: [] }, ...more }) as unknown as Detail;
const steps = (o: Detail, waiting: string[]) => [...ahead(o, waiting).steps].sort();

describe('what can be done while steps wait on the phone', () => {
  const fresh = order('dispatched', ['arrive', 'note', 'pause']);

  it('is what the server said, as long as nothing waits', () => expect(steps(fresh, [])).toEqual(['arrive', 'note', 'pause']));

  it('goes on after arriving, to the end', () => {
    expect(ahead(fresh, ['arrive']).state).toBe('in_progress');
    expect(steps(fresh, ['arrive'])).toEqual(['control', 'note', 'pause', 'resolve']);
    expect(steps(fresh, ['arrive', 'control'])).toEqual(['note', 'pause', 'resolve']);
    expect(ahead(fresh, ['arrive', 'note', 'resolve']).state).toBe('resolved');
    expect(steps(fresh, ['arrive', 'resolve'])).toEqual(['note']);
  });

  it('stands still while the resident is waited for', () => {
    expect(steps(fresh, ['pause'])).toEqual(['note', 'resume']);
    expect(steps(fresh, ['pause', 'resume'])).toEqual(['arrive', 'note', 'pause']);
    expect(ahead(fresh, ['pause']).paused).toBe(true);
  });

  it('offers no second control', () => {
    expect(steps(order('dispatched', ['arrive'], { times: { stages: [{ stage: 'control', doneAt: 'x' }] } }), ['arrive'])).toEqual(['note', 'resolve']);
  });

  it('leaves a note to whoever handed their job over, and everything to who sends others', () => {
    const own = { handler: { assignedToYou: true } } as Partial<Detail>;
    expect(steps(order('in_progress', ['assign', 'note', 'resolve'], own), ['assign'])).toEqual(['note']);
    expect(steps(order('in_progress', ['assign', 'note', 'resolve'], { handler: { assignedToYou: false } } as Partial<Detail>), ['assign'])).toEqual(['assign', 'note', 'resolve']);
  });

  it('lets a manager accept and send somebody', () => {
    expect(steps(order('reported', ['accept', 'decline', 'object']), ['accept'])).toEqual(['decline', 'dispatch', 'object']);
    expect(ahead(order('reported', ['accept']), ['accept', 'dispatch']).state).toBe('dispatched');
  });
});

describe('what of an order is not at the server', () => {
  const row = (seq: number, kind: string, more: Partial<Action> = {}): Action => ({ key: String(seq), seq, account: 'me', kind, about: 'o', title: '', input: {}, madeAt: 0, ...more });
  const refusal = { status: 409, code: 'workorder.paused', message: '' };

  it('is on its way, as long as nothing was refused', () => {
    expect(unsentOf([row(1, 'jobs.arrive'), row(2, 'report.photo'), row(3, 'jobs.resolve')])).toEqual({ refused: [], held: [], going: ['arrive', 'resolve'] });
  });

  it('builds nothing on what waits behind a refusal, and goes on from what was done knowing it', () => {
    expect(unsentOf([row(1, 'jobs.arrive', { refusal }), row(2, 'jobs.resolve'), row(3, 'jobs.resume', { knows: ['1'] })])).toEqual({ refused: ['arrive'], held: ['resolve'], going: ['resume'] });
    expect(unsentOf([row(1, 'report.photo', { refusal }), row(2, 'jobs.resolve')])).toEqual({ refused: ['photo'], held: ['resolve'], going: [] });
  });
});
