// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { createApi, type Api } from '../api/client';
import { useCapacityChoice } from './choice';
import { useSession, type Capacity } from './session';

const capacity = (id: string, role: string, permissions: string[]): Capacity => ({ id, role, name: '', permissions });
const self = (account: string, capacities: Capacity[] = []) => ({ account, person: 'p', hasPassword: true, mustChangePassword: false, capacities });

function setUp(answers: [number, unknown][]) {
  const session = useSession();
  const asked: string[] = [];
  const api: Api = createApi({ language: () => 'zh-CN', reauthenticate: session.renew, chooseCapacity: useCapacityChoice().ask }, async (request) => {
    asked.push(`${(request as Request).method} ${new URL((request as Request).url).pathname}`);
    const [status, body] = answers.shift() ?? [500, {}];
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: status === 204 ? { 'Content-Length': '0' } : {} });
  });
  return { session, api, asked };
}

beforeEach(() => {
  document.cookie = 'rp_here=1; Path=/';
  localStorage.clear();
  setActivePinia(createPinia());
});

describe('the session', () => {
  it('knows what the person may do in any of their capacities', async () => {
    const { session, api } = setUp([[200, self('a', [capacity('1', 'owner', ['workorder.report']), capacity('2', 'committee', ['survey.object'])])]]);
    await session.load(api);
    expect(session.state).toBe('in');
    expect(session.can('survey.object')).toBe(true);
    expect(session.can('audit.read', 'workorder.report')).toBe(true);
    expect(session.can('audit.read')).toBe(false);
    expect(session.hasRole('committee')).toBe(true);
  });

  it('tells what a post permits from what a home does', async () => {
    const { session, api } = setUp([[200, self('a', [capacity('1', 'owner', ['contract.read']), { ...capacity('2', 'committee', ['survey.object']), organisation: 'o' }])]]);
    await session.load(api);
    expect(session.can('contract.read')).toBe(true);
    expect(session.atWork('contract.read')).toBe(false);
    expect(session.atWork('contract.read', 'survey.object')).toBe(true);
  });

  it('is out where nobody is logged in, and still unknown where nothing answers', async () => {
    const { session, api } = setUp([[503, {}], [401, {}]]);
    await expect(session.load(api)).rejects.toMatchObject({ status: 503 });
    expect(session.state).toBe('unknown');
    await session.load(api);
    expect(session.state).toBe('out');
  });

  it('asks nobody where no log-in has left its mark', async () => {
    document.cookie = 'rp_here=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT'; // "Max-Age=0" still counts within its own millisecond
    const { session, api, asked } = setUp([]);
    await session.load(api);
    expect([session.state, asked]).toEqual(['out', []]);
  });

  it('renews a log-in that ended over the page, and everything that waited goes on', async () => {
    const { session, api, asked } = setUp([[200, self('a')], [401, {}], [401, {}], [200, self('a')], [200, { items: [1] }], [200, { items: [2] }]]);
    await session.load(api);
    const waiting = Promise.all([api.GET('/api/v1/account/sessions'), api.GET('/api/v1/account/tokens')]);
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(session.expired).toBe(true);
    await session.entered(api);
    expect((await waiting).map((a) => a.data)).toEqual([{ items: [1] }, { items: [2] }]);
    expect(session.expired).toBe(false);
  });

  it('says no longer that the server cannot be asked once it asks for a new log-in', async () => {
    const { session, api } = setUp([[401, { code: 'auth.required' }]]);
    session.$patch({ state: 'in', copied: true });
    const waiting = api.GET('/api/v1/account/sessions').catch(() => undefined);
    await vi.waitFor(() => expect(session.expired).toBe(true));
    expect(session.copied).toBe(false);
    session.giveUp();
    await waiting;
  });

  it('lets in whose device never answers when its storage is asked', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('indexedDB', { open: () => ({}), deleteDatabase: () => ({}) });
    const { session, api } = setUp([[200, self('a')]]);
    const entered = session.entered(api);
    await vi.advanceTimersByTimeAsync(2000);
    await entered;
    expect(session.state).toBe('in');
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('lets the refusal stand where the person gives up', async () => {
    const { session, api } = setUp([[200, self('a')], [401, { code: 'auth.required' }]]);
    await session.load(api);
    const waiting = api.GET('/api/v1/account/sessions').catch((e: unknown) => e);
    await vi.waitFor(() => expect(session.expired).toBe(true));
    session.giveUp();
    expect(await waiting).toMatchObject({ status: 401 });
    expect(session.state).toBe('out');
  });

  it.each([
    ['over the page', async (session: ReturnType<typeof useSession>, api: Api) => { session.expired = true; await session.entered(api); }],
    ['in another tab', async () => new BroadcastChannel('redproperty.session').postMessage('b')],
  ])('starts the page anew where somebody else has logged in %s, and nobody is in meanwhile', async (_, come) => {
    const { session, api } = setUp([[200, self('a')], [200, self('b')]]);
    await session.load(api);
    const reload = vi.spyOn(location, 'reload').mockReturnValue();
    await come(session, api);
    await vi.waitFor(() => expect(session.state).toBe('out'));
    expect(reload).toHaveBeenCalled();
    reload.mockRestore();
  });

  it('can be left even when it has ended already', async () => {
    const { session, api } = setUp([[200, self('a')], [401, {}]]);
    await session.load(api);
    await session.logOut(api);
    expect(session.state).toBe('out');
  });
});

describe('the choice of a capacity', () => {
  async function withTwo() {
    const made = setUp([[200, self('a', [capacity('1', 'owner', []), capacity('2', 'owner', []), capacity('3', 'committee', [])])]]);
    await made.session.load(made.api);
    return { ...made, choice: useCapacityChoice() };
  }

  it('asks among those that permit the act', async () => {
    const { choice } = await withTwo();
    const answer = choice.ask(['1', '2']);
    expect(choice.among).toEqual(['1', '2']);
    choice.choose('2');
    expect(await answer).toBe('2');
    expect(choice.among).toBeUndefined();
  });

  it('does not ask where the preferred capacity is among them, and asks where it is not', async () => {
    const { session, choice } = await withTwo();
    session.prefer('2');
    expect(await choice.ask(['1', '2'])).toBe('2');
    void choice.ask(['1', '3']);
    expect(choice.among).toEqual(['1', '3']);
  });

  it('offers all where the server names none', async () => {
    const { choice } = await withTwo();
    void choice.ask([]);
    expect(choice.among).toEqual(['1', '2', '3']);
  });
});
