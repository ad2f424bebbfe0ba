import { describe, expect, it } from 'vitest';

import * as queue from './action';
import type { Action, Change, NewAction } from './action';

const action = (key: string, more: Partial<Action> = {}): Action => ({ key, seq: 0, account: 'me', kind: 'jobs.note', about: key, title: key, input: {}, madeAt: 0, ...more });
const fresh = (key: string, more: Partial<NewAction> = {}): NewAction => ({ key, account: 'me', kind: 'jobs.note', about: key, title: key, input: {}, madeAt: 0, ...more });

function apply(all: Action[], { put, remove }: Change): Action[] {
  const gone = new Set([...remove, ...put.map((a) => a.key)]);
  return [...all.filter((a) => !gone.has(a.key)), ...put].sort((a, b) => a.seq - b.seq);
}
const queued = (...rows: NewAction[]) => apply([], queue.added([], rows));
const no = { status: 409, code: 'workorder.step_illegal', message: 'no' };

describe('the queue', () => {
  it('keeps the order in which things were done, and adds nothing twice', () => {
    let all = queued(fresh('a'), fresh('b'));
    all = apply(all, queue.added(all, [fresh('b', { title: 'again' }), fresh('c')]));
    expect(all.map((a) => [a.key, a.seq, a.title])).toEqual([['a', 1, 'a'], ['b', 2, 'b'], ['c', 3, 'c']]);
    expect(queue.next(all, 'me')?.key).toBe('a');
    expect(queue.next(all, 'somebody else')).toBeUndefined();
  });

  it('holds back what is about the same as something refused, and lets the rest go', () => {
    let all = queued(fresh('arrive', { about: 'order' }), fresh('resolve', { about: 'order' }), fresh('other'));
    all = apply(all, queue.refused(all, 'arrive', no));
    expect(queue.next(all, 'me')?.key).toBe('other');
    all = apply(all, queue.discarded(all, 'arrive'));
    expect(queue.next(all, 'me')?.key).toBe('resolve');
  });

  it('lets go what was done in knowledge of the refusal, which may put it right, and holds what follows a refusal of that', () => {
    let all = queued(fresh('arrive', { about: 'order' }), fresh('resolve', { about: 'order' }));
    all = apply(all, queue.refused(all, 'arrive', no));
    all = apply(all, queue.added(all, [fresh('resume', { about: 'order' }), fresh('control', { about: 'order' })]));
    expect(all.filter((a) => queue.isBehind(all, a)).map((a) => a.key)).toEqual(['resolve']);
    expect(queue.next(all, 'me')?.key).toBe('resume');
    all = apply(all, queue.refused(all, 'resume', no));
    expect(queue.next(all, 'me')).toBeUndefined();
    all = apply(all, queue.discarded(all, 'resume'));
    expect(queue.next(all, 'me')?.key).toBe('control');
    all = apply(all, queue.repeated(all, 'arrive', 'again', undefined));
    expect(queue.next(all, 'me')?.key).toBe('again');
  });

  it('sends photos after the report that they belong to, to the order that it made', () => {
    let all = queued(fresh('report'), fresh('photo', { after: 'report' }));
    all = apply(all, queue.sent(all, 'report', { about: 'order-1', keep: { number: 'NH-1' } }));
    expect(queue.standing(all[0]!)).toBe('sent');
    expect(queue.next(all, 'me')).toMatchObject({ key: 'photo', about: 'order-1', after: undefined });
    all = apply(all, queue.sent(all, 'photo', {}));
    expect(all.map((a) => a.key)).toEqual(['report']);
  });

  it('carries the version on where nobody else came between, and leaves it where somebody did', () => {
    const all = queued(fresh('arrive', { about: 'o' }), fresh('resolve', { about: 'o', version: 5 }), fresh('elsewhere', { about: 'p', version: 5 }));
    const after = (version: number) => apply(all, queue.sent(all, 'arrive', { version })).map((a) => a.version);
    expect(after(6)).toEqual([6, 5]);
    expect(after(7)).toEqual([5, 5]);
  });

  it('repeats under a new key with the version seen, and its photos follow', () => {
    let all = queued(fresh('resolve', { version: 5 }), fresh('photo', { after: 'resolve' }));
    all = apply(all, queue.refused(all, 'resolve', { ...no, status: 412 }));
    all = apply(all, queue.repeated(all, 'resolve', 'fresh', 8));
    expect(all).toMatchObject([{ key: 'fresh', seq: 1, version: 8, refusal: undefined }, { key: 'photo', after: 'fresh' }]);
  });

  it('gives up with an action what needs its answer, and puts a note in the place of a step', () => {
    const all = queued(fresh('report'), fresh('photo', { after: 'report' }), fresh('b'));
    expect(apply(all, queue.discarded(all, 'report')).map((a) => a.key)).toEqual(['b']);
    expect(apply(all, queue.replaced(all, 'report', fresh('note'))).map((a) => [a.key, a.seq])).toEqual([['note', 1], ['b', 3]]);
  });

  it('does not send again by itself what may have arrived too long ago', () => {
    expect(queue.isDoubtful(action('a'), Number.MAX_SAFE_INTEGER)).toBe(false);
    expect(queue.isDoubtful(action('a', { triedAt: 0 }), queue.keyLasts)).toBe(false);
    expect(queue.isDoubtful(action('a', { triedAt: 0 }), queue.keyLasts + 1)).toBe(true);
  });
});
