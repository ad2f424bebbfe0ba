import { describe, expect, it, vi } from 'vitest';

import { createApi, take, type Hooks } from './client';
import { ApiError, unreachable } from './problem';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });

function setUp(answers: (Response | Error)[], hooks: Partial<Hooks> = {}) {
  const sent: Request[] = [];
  const api = createApi(
    { language: () => 'zh-CN', reauthenticate: async () => false, chooseCapacity: async () => undefined, ...hooks },
    async (request) => {
      sent.push(request as Request);
      const next = answers.shift();
      if (!next || next instanceof Error) throw next ?? new Error('no answer left');
      return next;
    },
  );
  return { api, sent };
}

const caught = (promise: Promise<unknown>) => promise.then(() => expect.fail('should be refused'), (e: unknown) => e as ApiError);

describe('the API client', () => {
  it('gives every write a key of its own, and reads none', async () => {
    const { api, sent } = setUp([json(200, {}), json(202, {}), json(202, {})]);
    await api.GET('/api/v1/account');
    for (let i = 0; i < 2; i++) await api.POST('/api/v1/auth/codes', { body: { phone: '19900000011' } });
    const keys = sent.map((r) => r.headers.get('Idempotency-Key'));
    expect(keys[0]).toBeNull();
    expect(keys[1]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[2]).not.toBe(keys[1]);
    expect(sent[0]?.headers.get('Accept-Language')).toBe('zh-CN');
  });

  it('takes the answer that was asked for before it was here, once', async () => {
    const later = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => json(200, { account: 'asked again' }));
    globalThis.accountAsked = Promise.resolve(json(200, { account: 'asked first' }));
    const api = createApi({ language: () => 'zh-CN', reauthenticate: async () => false, chooseCapacity: async () => undefined });
    const account = async () => (await take(api.GET('/api/v1/account'))).account;
    await take(api.GET('/api/v1/platform'));
    expect([await account(), await account()]).toEqual(['asked first', 'asked again']);
    expect(later).toHaveBeenCalledTimes(2);
    later.mockRestore();
  });

  it('keeps the key that the action gives', async () => {
    const { api, sent } = setUp([json(202, {})]);
    await api.POST('/api/v1/auth/codes', { body: { phone: '19900000011' }, headers: { 'Idempotency-Key': 'the-same' } });
    expect(sent[0]?.headers.get('Idempotency-Key')).toBe('the-same');
  });

  it('throws what the server refuses, with its fields and the number of the request', async () => {
    const problem = { code: 'input.invalid', detail: '请检查', requestId: 'r1', status: 422, errors: [{ path: 'body.title', code: 'field.required', detail: '必填' }] };
    const { api } = setUp([json(422, problem, { 'Retry-After': '7' })]);
    const error = await caught(take(api.GET('/api/v1/account')));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 'input.invalid', status: 422, requestId: 'r1', message: '请检查', retryAfter: 7 });
    expect(error.fields[0]?.path).toBe('body.title');
  });

  it('says so where nothing answers, and where a proxy answers with a page', async () => {
    const { api } = setUp([new TypeError('Failed to fetch'), new Response('<html>', { status: 502 })]);
    expect(await caught(api.GET('/api/v1/account'))).toMatchObject({ code: unreachable, status: 0, uncertain: true });
    expect(await caught(api.GET('/api/v1/account'))).toMatchObject({ code: 'internal', status: 502, uncertain: true });
  });

  it('repeats with the same body and key once the person has logged in again', async () => {
    const reauthenticate = vi.fn(async () => true);
    const { api, sent } = setUp([json(401, { code: 'auth.required' }), json(201, {})], { reauthenticate });
    await api.PUT('/api/v1/account/user-name', { body: { userName: 'shen' } });
    expect(reauthenticate).toHaveBeenCalledOnce();
    expect(await sent[1]?.json()).toEqual({ userName: 'shen' });
    expect(sent[1]?.headers.get('Idempotency-Key')).toBe(sent[0]?.headers.get('Idempotency-Key'));
  });

  it('never asks to log in again because a password was wrong', async () => {
    const reauthenticate = vi.fn(async () => true);
    const { api } = setUp([json(401, { code: 'auth.wrong' })], { reauthenticate });
    await caught(api.POST('/api/v1/auth/sessions', { body: { login: 'a', password: 'b' } }));
    expect(reauthenticate).not.toHaveBeenCalled();
  });

  it('asks for the capacity among those that permit the act, and repeats in it', async () => {
    const chooseCapacity = vi.fn(async (among: string[]) => among[1]);
    const { api, sent } = setUp([json(409, { code: 'capacity.ambiguous', params: { capacities: ['a', 'b'] } }), json(200, {})], { chooseCapacity });
    await api.PUT('/api/v1/account/user-name', { body: { userName: 'shen' } });
    expect(chooseCapacity).toHaveBeenCalledWith(['a', 'b']);
    expect(sent[1]?.headers.get('X-Capacity')).toBe('b');
  });

  it('leaves the refusal where no capacity is chosen', async () => {
    const { api, sent } = setUp([json(409, { code: 'capacity.ambiguous' })]);
    expect(await caught(api.PUT('/api/v1/account/user-name', { body: { userName: 'x' } }))).toMatchObject({ code: 'capacity.ambiguous' });
    expect(sent).toHaveLength(1);
  });

  it('says what is wrong in particular after the refusal as a whole, each sentence once', async () => {
    const { api } = setUp([json(400, { code: 'input.invalid', detail: '输入有误。', errors: [{ path: 'body.note', code: 'field.control', detail: '不允许控制字符。' }, { path: 'body.text', code: 'field.control', detail: '不允许控制字符。' }] })]);
    expect((await caught(api.PUT('/api/v1/account/user-name', { body: { userName: 'x' } }))).sentences).toEqual(['输入有误。', '不允许控制字符。']);
  });
});
