import { describe, expect, it } from 'vitest';

import { ApiError } from '@redproperty/shared/api/problem';

import * as queue from './action';
import type { Action, Effect, NewAction } from './action';
import { MemoryBox } from './box';
import { pause, replay } from './replay';

const fresh = (key: string, more: Partial<NewAction> = {}): NewAction => ({ key, account: 'me', kind: 'k', about: key, title: key, input: {}, madeAt: 0, ...more });

/** A server that remembers keys, as ours does, and a device that may lose what comes back. */
function world(...rows: NewAction[]) {
  const box = new MemoryBox(queue.added([], rows).put);
  const seen: string[] = [];
  const effects = new Map<string, number>();
  const answers = new Map<string, Effect | ApiError | Error>();
  const send = async (a: Action): Promise<Effect> => {
    seen.push(a.key);
    const answer = answers.get(a.key) ?? {};
    if (answer instanceof Error) throw answer;
    if (!effects.has(a.key)) effects.set(a.key, effects.size);
    return answer;
  };
  let time = 1000;
  return { box, seen, effects, answers, send, at: (to: number) => (time = to), go: (sender = send) => replay(box, 'me', sender, () => time, () => undefined) };
}
const keys = (box: MemoryBox) => box.all().then((all) => all.map((a) => a.key));
const status = (s: number, more = {}) => new ApiError({ status: s, code: 'x', detail: 'no', ...more });

describe('sending what waits', () => {
  it('goes in order and empties the queue', async () => {
    const w = world(fresh('a'), fresh('b'), fresh('c'));
    expect(await w.go()).toEqual({ why: 'empty' });
    expect(w.seen).toEqual(['a', 'b', 'c']);
    expect(await keys(w.box)).toEqual([]);
  });

  it('stops where nothing answers, keeps everything, and goes on with the same key', async () => {
    const w = world(fresh('a'), fresh('b'));
    w.answers.set('a', new TypeError('Failed to fetch'));
    expect(await w.go()).toEqual({ why: 'away' });
    expect(w.seen).toEqual(['a']);
    w.answers.delete('a');
    await w.go();
    expect(w.seen).toEqual(['a', 'a', 'b']);
  });

  it('survives a crash between the answer and the mark: it is sent again under its key, and happens once', async () => {
    const w = world(fresh('a'), fresh('b'));
    const crash = new MemoryBox(await w.box.all());
    let died = false;
    const edit = crash.edit.bind(crash);
    crash.edit = async (change) => {
      const planned = change(await crash.all());
      if (planned.remove.includes('a') && !died) {
        died = true;
        throw new RangeError('the tab is gone');
      }
      return edit(change);
    };
    await expect(replay(crash, 'me', w.send, () => 1000, () => undefined)).rejects.toThrow('the tab is gone');
    expect((await crash.all())[0]).toMatchObject({ key: 'a', triedAt: 1000 });
    await replay(crash, 'me', w.send, () => 2000, () => undefined);
    expect(w.seen).toEqual(['a', 'a', 'b']);
    expect([...w.effects.keys()]).toEqual(['a', 'b']);
    expect(await crash.all()).toEqual([]);
  });

  it('keeps a clear no for the person and goes on with what is about something else', async () => {
    const w = world(fresh('a', { about: 'o' }), fresh('b', { about: 'o' }), fresh('c'));
    w.answers.set('a', status(409));
    expect(await w.go()).toEqual({ why: 'empty' });
    expect(w.seen).toEqual(['a', 'c']);
    expect((await w.box.all())[0]).toMatchObject({ key: 'a', refusal: { status: 409, code: 'x', message: 'no' } });
  });

  it.each([[401, { why: 'login' }], [503, { why: 'away' }], [408, { why: 'away' }]])('stops at %i without holding it against the action', async (code, stop) => {
    const w = world(fresh('a'));
    w.answers.set('a', status(code));
    expect(await w.go()).toEqual(stop);
    expect(queue.standing((await w.box.all())[0]!)).toBe('waiting');
  });

  it('waits as long as the server asks', async () => {
    const w = world(fresh('a'));
    w.answers.set('a', new ApiError({ status: 429 }, 7));
    expect(await w.go()).toEqual({ why: 'wait', ms: 7000 });
  });

  it('does not let one action over which the server fails hold up the others for ever', async () => {
    const w = world(fresh('a'), fresh('b'));
    w.answers.set('a', status(500));
    for (let i = 1; i < queue.mostFailures; i++) expect(await w.go()).toEqual({ why: 'away' });
    expect(await w.go()).toEqual({ why: 'empty' });
    expect(w.seen.at(-1)).toBe('b');
    expect((await w.box.all())[0]?.refusal?.status).toBe(500);
  });

  it('asks before it repeats what may have arrived when the server no longer knows the key', async () => {
    const w = world(fresh('a'));
    w.answers.set('a', new TypeError('network'));
    await w.go();
    w.at(1001 + queue.keyLasts);
    await w.go();
    expect(w.seen).toEqual(['a']);
    expect((await w.box.all())[0]?.refusal?.code).toBe(queue.doubtful);
  });

  it('never sends what another account left', async () => {
    const w = world(fresh('a', { account: 'you' }));
    expect(await w.go()).toEqual({ why: 'empty' });
    expect(w.seen).toEqual([]);
    expect(await keys(w.box)).toEqual(['a']);
  });

  it('tries again sooner at first than later', () => {
    expect([1, 2, 3, 20].map(pause)).toEqual([5000, 10_000, 20_000, 300_000]);
  });
});
