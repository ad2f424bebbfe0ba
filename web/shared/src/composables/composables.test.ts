import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';

import { ApiError } from '../api/problem';
import { useAction } from './use-action';
import { useForm } from './use-form';
import { useList, type Page } from './use-list';
import { useLoad } from './use-load';

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((a, b) => ((resolve = a), (reject = b)));
  return { promise, resolve, reject };
}

const settle = () => new Promise((done) => setTimeout(done));
const inScope = <T>(make: () => T): T => effectScope().run(make) as T;

describe('useLoad', () => {
  it('throws away an earlier answer that comes after a later one', async () => {
    const which = ref(1);
    const answers = [deferred<string>(), deferred<string>()];
    let n = 0;
    const { data, loading } = inScope(() => useLoad(() => answers[n++]!.promise, which));
    which.value = 2;
    await nextTick();
    answers[1]!.resolve('second');
    await settle();
    answers[0]!.resolve('first');
    await settle();
    expect(data.value).toBe('second');
    expect(loading.value).toBe(false);
  });

  it('keeps what is shown when loading anew fails', async () => {
    let fail = false;
    const load = inScope(() => useLoad(async () => {
      if (fail) throw new ApiError({ status: 503, code: 'unavailable', detail: '稍后再试' });
      return 'shown';
    }));
    await settle();
    fail = true;
    await load.reload();
    expect(load.data.value).toBe('shown');
    expect(load.error.value?.code).toBe('unavailable');
    fail = false;
    await load.reload();
    expect(load.error.value).toBeUndefined();
  });

  it('does not take a defect of ours for a refusal', async () => {
    const load = inScope(() => useLoad(() => new Promise<never>(() => undefined)));
    expect(load.loading.value).toBe(true);
    const broken = inScope(() => useAction(async () => { throw new RangeError('ours'); }));
    await expect(broken.run()).rejects.toThrow('ours');
    expect(broken.busy.value).toBe(false);
  });
});

describe('useList', () => {
  const pages: Record<string, Page<number>> = { '': { items: [1, 2], next: 'a' }, a: { items: [3], next: '' } };

  it('goes on by the cursor to the end, and asks for no page twice', async () => {
    const asked: (string | undefined)[] = [];
    const list = inScope(() => useList(async (cursor) => (asked.push(cursor), pages[cursor ?? '']!)));
    await settle();
    expect(list.more.value).toBe(true);
    await Promise.all([list.loadMore(), list.loadMore()]);
    await list.loadMore();
    expect(list.items.value).toEqual([1, 2, 3]);
    expect(list.more.value).toBe(false);
    expect(asked).toEqual([undefined, 'a']);
  });

  it('begins anew when the filter changes, and a further page of the old filter does not join', async () => {
    const filter = ref('x');
    const slow = deferred<Page<number>>();
    const list = inScope(() => useList((cursor) => {
      if (cursor) return slow.promise;
      return Promise.resolve<Page<number>>(filter.value === 'x' ? { items: [1], next: 'a' } : { items: null });
    }, filter));
    await settle();
    void list.loadMore();
    filter.value = 'y';
    await settle();
    slow.resolve({ items: [2] });
    await settle();
    expect(list.items.value).toEqual([]);
    expect(list.empty.value).toBe(true);
    expect(list.loadingMore.value).toBe(false);
  });
});

describe('useAction', () => {
  it('does nothing on a second click', async () => {
    const answer = deferred<string>();
    let calls = 0;
    const action = useAction(() => (calls++, answer.promise));
    const first = action.run();
    expect(await action.run()).toBeUndefined();
    answer.resolve('done');
    expect(await first).toBe('done');
    expect(calls).toBe(1);
  });

  it('keeps the key while the outcome is unknown, and takes a new one for another input or after an answer', async () => {
    const keys: string[] = [];
    const outcomes = [0, 503, 422, 200, 0, 200];
    const action = useAction(async (attempt, _input: string) => {
      keys.push(attempt.key);
      const status = outcomes.shift()!;
      if (status !== 200) throw new ApiError({ status });
      return status;
    });
    for (const input of ['a', 'a', 'a', 'a', 'a', 'b']) await action.run(input);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe(keys[0]);
    expect(new Set(keys.slice(2)).size).toBe(4);
  });
});

describe('useForm', () => {
  const refuse = (errors: { path: string; code: string; detail: string }[]) => async () => {
    throw new ApiError({ status: 422, code: 'input.invalid', detail: '请检查', errors });
  };

  it("puts the server's errors on their fields and keeps what was typed", async () => {
    const form = useForm({ title: '', where: { unitId: 'u' } }, refuse([{ path: 'body.title', code: 'field.required', detail: '必填' }, { path: 'body.where.unitId', code: 'x', detail: '不在本小区' }]), { fields: ['title', 'where'] });
    form.values.title = '漏水';
    await form.submit();
    expect(form.errors).toEqual({ title: '必填', where: '不在本小区' });
    expect(form.problem.value).toBeUndefined();
    expect(form.values.title).toBe('漏水');
    form.touch('title');
    expect(form.errors['title']).toBeUndefined();
  });

  it('shows as a whole what has no field on the page', async () => {
    const form = useForm({ title: '' }, refuse([{ path: 'body.other', code: 'x', detail: '别处' }]), { fields: ['title'] });
    await form.submit();
    expect(form.problem.value?.message).toBe('请检查');
  });

  it('sends nothing that the page itself finds wrong', async () => {
    let sent = 0;
    const form = useForm({ title: '' }, async () => ++sent, { fields: ['title'], check: (v) => ({ title: v.title ? undefined : '请填写' }) });
    await form.submit();
    expect(sent).toBe(0);
    expect(form.errors).toEqual({ title: '请填写' });
    form.values.title = 'a';
    expect(await form.submit()).toBe(1);
  });
});
