import { createPinia, setActivePinia } from 'pinia';
import { createApp, effectScope, ref } from 'vue';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { createApi, type Schemas } from '../api/client';
import { provideApi } from '../api/use-api';
import { useSession } from '../session/session';
import { base64, concat, fromBase64, idBytes, utf8 } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { MemoryStore, SignedLog } from '../ballot/simulated';
import { against, commitment, hashBytes, hex, option } from './choice';
import { sealChoices, sealScan } from './seal';
import { markedLeaf, marksOf } from './marks';
import { combine, reachOf, receivePart, startTeller, type Dealing } from './teller';
import { useTeller } from './use-teller';

const id = 'cddcd071-4f10-7a3a-b98b-8dd6f945939c';
const asked = 'cddcd071-4f10-7a3a-b98b-8dd6f9459aaa';
const form = '07'.repeat(32);
const salt = new Uint8Array(32).fill(9);

interface Seat { no: number; who: string; reach: string; dealing?: Dealing; confirmed?: string }

/** The server's part, in memory. */
class Server {
  vote = { id, state: 'roll_posted', version: 1, items: [] } as unknown as Schemas['Seen'];
  seats: Seat[] = [];
  ballots: { head: number; weight: { area: number; heads: number }; sealed: string; second?: string }[] = [];
  parts: { purpose: string; from: number; to: number; sealed: string }[] = [];
  counts: string[] = [];
  opened: string[] = [];
  scans: string[] = [];
  /** What it lists of the vote, and what is in the ledger. */
  leaves: { kind: string; body: string; entry?: number }[] = [];
  log = new SignedLog('decisions');
  /** The step whose answer is a refusal. */
  refuses = '';

  async key() {
    return combine(id, this.seats.map((s) => s.reach), this.seats.map((s) => s.dealing!));
  }

  constructor() {
    this.log.add('of another vote');
  }

  async post(kind: string, what: Record<string, unknown>): Promise<void> {
    const body = JSON.stringify({ ...what, vote: id, kind });
    this.leaves.push({ kind, body, entry: this.log.append(await markedLeaf({ ...(await marksOf(id, []))!, salt }, { kind, body })) });
  }

  /** Closes the vote with the ballots as they are: the ledger has them, and the pictures of the second one. */
  async close(): Promise<void> {
    const { key, hash } = await this.key();
    await this.post('make_key', { key: hash, public: key.public, parts: key.parts });
    await this.post('open', { key: hash, form, salt: hex(await sha256(concat(utf8('redproperty vote salt 1\0'), salt))) });
    const named = await Promise.all(this.scans.map(async (s) => hex(await sha256(fromBase64(s)))));
    const box: string[] = [];
    for (const b of this.ballots) {
      box.push(await commitment({ vote: id, form, head: b.head }, 1, b.head === 2 ? 'paper' : 'web', concat(fromBase64(b.sealed), fromBase64(b.second ?? ''))));
      await this.post('ballot', { head: b.head, revision: 1, commitment: box.at(-1), ...(b.head === 2 ? { scans: named } : {}) });
    }
    await this.post('close', { ballotSalt: hex(salt), ballots: box.length, box: await boxHash(box), joined: { area: 201, heads: 2 } });
    Object.assign(this.vote, { closedAt: '2026-11-30T00:00:00Z' });
  }

  async answer(who: string, step: string, body: Record<string, unknown>): Promise<unknown> {
    if (step === this.refuses) throw new Error('refused');
    const mine = this.seats.find((s) => s.who === who);
    switch (step) {
      case 'POST /tellers':
        if (mine) throw new Error('seated');
        this.seats.push({ no: this.seats.length + 1, who, reach: body['reach'] as string });
        break;
      case 'PUT /teller/dealing':
        if (mine!.dealing) throw new Error('dealt');
        mine!.dealing = body as unknown as Dealing;
        break;
      case 'POST /teller/confirm':
        mine!.confirmed = body['keyHash'] as string;
        break;
      case 'GET /box':
        return { form, key: (await this.key()).key, questions: [{ options: 1, most: 1 }], ballots: this.ballots, seats: this.seats, parts: this.parts.filter((p) => p.to === mine!.no), counts: [], differ: false };
      case 'PUT /teller/parts':
        this.parts.push({ ...(body as unknown as { purpose: string; to: number; sealed: string }), from: mine!.no });
        break;
      case 'PUT /teller/count':
        this.counts.push(JSON.stringify(body));
        break;
      case 'GET /openings':
        return { items: [{ id: asked, head: 2, basis: 'court', reason: '', askedAt: '' }] };
      case `GET /openings/${asked}/scans`:
        return { scans: this.scans };
      case 'GET /leaves':
        return { items: this.leaves };
      case `POST /openings/${asked}/opened`:
        this.opened.push(who);
    }
    return { items: this.seats.map((s) => ({ ...s, mine: s.who === who, side: 'owner' })) };
  }
}

const boxHash = async (box: string[]) => hex(await sha256(concat(utf8('redproperty vote box 1\0'), idBytes(id), ...box.map(hashBytes))));

let server: Server;

/** A tab of an account's browser. All of them here share one computer. */
function tab(who: string) {
  useSession().account = { account: who } as never;
  const api = createApi({ language: () => 'zh-CN', reauthenticate: () => Promise.resolve(false), chooseCapacity: () => Promise.resolve(undefined) }, async (input) => {
    const request = input as Request;
    const shown = server.log.answer(new URL(request.url));
    if (shown) return Response.json(shown);
    const step = `${request.method} ${new URL(request.url).pathname.replace(`/api/v1/votes/${id}`, '')}`;
    const body = request.method === 'GET' ? {} : JSON.parse((await request.text()) || '{}');
    return server.answer(who, step, body).then((a) => new Response(JSON.stringify(a)), () => new Response('{}', { status: 409 }));
  });
  const app = createApp({});
  provideApi(app, api);
  const vote = ref(server.vote);
  const teller = app.runWithContext(() => effectScope().run(() => useTeller(vote, () => undefined, new MemoryStore())))!;
  return { ...teller, async at(step: string) { await vi.waitFor(() => expect(teller.step.value).toBe(step)); } };
}

/** The three tellers make the key, each in a tab of their own. */
async function keyed() {
  for (const what of ['sit', 'deal', 'confirm'] as const) {
    for (const who of ['a', 'b', 'c']) {
      const t = tab(who);
      await t.at(what);
      await t.run.run(what);
      expect(t.fault.value).toBeUndefined();
    }
  }
  const { key, hash } = await server.key();
  Object.assign(server.vote, { keyHash: hash, keyPublic: key.public });
  server.ballots = await Promise.all([option(0), against].map(async (c, i) => ({ head: i + 1, weight: { area: 100 + i, heads: 1 }, sealed: await sealChoices(key.public, { vote: id, form, head: i + 1 }, [c]) })));
}

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v) });
  vi.stubGlobal('location', { origin: 'http://x', reload: () => undefined });
  setActivePinia(createPinia());
  server = new Server();
});

describe('a teller in the browser', () => {
  it('makes the key at one computer with two others, of whose secrets it takes none, and shows the number that it computed', async () => {
    await keyed();
    expect(new Set(server.seats.map((s) => s.reach)).size).toBe(3);
    const a = tab('a');
    await vi.waitFor(() => expect(a.number.value).toBe(server.vote.keyHash));
    expect(a.fault.value).toBeUndefined();
    server.vote = { ...server.vote, keyPublic: (await keyOfOthers()).public };
    const fooled = tab('a');
    await vi.waitFor(() => expect(fooled.fault.value).toEqual({ fault: 'differs', no: 1 }));
    expect(fooled.number.value).toBe(server.vote.keyHash);
  });

  it('goes on with what another tab has kept', async () => {
    const [first, stale] = [tab('a'), tab('a')];
    await first.at('sit');
    await stale.at('sit');
    await first.run.run('sit');
    await stale.run.run('sit'); // refused: seated already
    for (const who of ['b', 'c']) {
      const t = tab(who);
      await t.at('sit');
      await t.run.run('sit');
    }
    const [one, two] = [tab('a'), tab('a')];
    await one.at('deal');
    await two.at('deal');
    await one.run.run('deal');
    await two.run.run('deal'); // refused: dealt already
    for (const who of ['b', 'c']) {
      const t = tab(who);
      await t.at('deal');
      await t.run.run('deal');
    }
    const last = tab('a');
    await last.at('confirm');
    await last.run.run('confirm');
    expect([last.fault.value, server.seats[0]!.confirmed]).toEqual([undefined, (await server.key()).hash]);
  });

  it('hands nothing over that the browser does not keep', async () => {
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => { throw new Error('full'); } });
    const t = tab('a');
    await t.at('sit');
    await t.run.run('sit');
    expect([t.fault.value?.fault, server.seats]).toEqual(['unkept', []]);
  });

  it('counts a paper by what both persons sealed, and names it where that is not the same', async () => {
    await keyed();
    const { key } = await server.key();
    for (const [choice, says] of [[against, { against: { area: 101, heads: 1 }, spoiled: [] }], [option(0), { against: { area: 0, heads: 0 }, spoiled: [2] }]] as const) {
      const second = await sealChoices(key.public, { vote: id, form, head: 2 }, [choice]);
      server.ballots = server.ballots.map((b) => (b.head === 2 ? { ...b, second } : b));
      [server.leaves, server.log, server.parts, server.counts] = [[], new SignedLog('decisions'), [], []];
      server.log.add('of another vote');
      await server.close();
      Object.assign(server.vote, { state: 'closed' });
      for (const who of ['a', 'b']) {
        const t = tab(who);
        await t.at('count');
        await t.run.run('count');
        expect(t.fault.value).toBeUndefined();
      }
      const { outcome, spoiled } = JSON.parse(server.counts[0]!) as { outcome: Schemas['Outcome']; spoiled: number[] };
      expect({ against: outcome.items![0]!.against, spoiled }).toEqual(says);
    }
  });

  it('counts with the part that is in order, and names whose is not where there is no other', async () => {
    await keyed();
    await server.close();
    Object.assign(server.vote, { state: 'closed' });
    const count = async (who: string) => {
      const t = tab(who);
      await t.at('count');
      await t.run.run('count');
      return t;
    };
    await count('a');
    expect(server.counts).toHaveLength(0);
    server.parts = server.parts.map((p) => ({ ...p, sealed: server.seats[0]!.reach })); // teller 1's parts are none
    const b = await count('b');
    expect([b.fault.value, server.counts]).toEqual([{ fault: 'part', no: 1 }, []]);
    expect((await count('c')).fault.value).toBeUndefined();
    expect((await count('b')).fault.value).toBeUndefined();
    expect(new Set(server.counts).size).toBe(1);
    expect(JSON.parse(server.counts[1]!).outcome.items[0].against).toEqual({ area: 101, heads: 1 });
  });

  it('hands nothing over for a box that the ledger has not, and no part to another key than was dealt to', async () => {
    await keyed();
    await server.close();
    Object.assign(server.vote, { state: 'closed' });
    const t = tab('a');
    await t.at('count');
    const [ballots, leaves] = [server.ballots, server.leaves];
    const other = await sealChoices((await server.key()).key.public, { vote: id, form, head: 1 }, [against]);
    const swapped = [{ ...ballots[0]!, sealed: other }, ballots[1]!];
    const fixed = await commitment({ vote: id, form, head: 1 }, 1, 'web', fromBase64(other));
    const [mine, second] = [2, 3].map((i) => (JSON.parse(leaves[i]!.body) as { commitment: string }).commitment) as [string, string];
    const told = [leaves[0]!, leaves[1]!, { ...leaves[2]!, body: leaves[2]!.body.replace(mine, fixed) }, leaves[3]!, { ...leaves[4]!, body: leaves[4]!.body.replace(await boxHash([mine, second]), await boxHash([fixed, second])) }];
    for (const [box, list, fault, no] of [
      [swapped, leaves, 'ballot', 1], [ballots.slice(0, 1), leaves, 'box', 0], [[ballots[0]!, { ...ballots[1]!, weight: { area: 102, heads: 1 } }], leaves, 'box', 0], [swapped, told, 'ledger', 3], [ballots, [], 'ledger', 0],
    ] as const) {
      [server.ballots, server.leaves] = [[...box], [...list]];
      await t.run.run('count');
      expect([t.fault.value, server.parts]).toEqual([{ fault, no }, []]);
    }
    [server.ballots, server.leaves] = [ballots, leaves];
    const thief = { ...startTeller(id), no: 2 };
    server.seats = server.seats.map((s) => (s.no === 1 ? s : { ...s, reach: reachOf(thief) }));
    await t.run.run('count');
    expect(server.parts).toHaveLength(2);
    await expect(receivePart(thief, server.parts[0]!.sealed, id, 1)).rejects.toMatchObject({ fault: 'part' });
    server.parts = [];
    // A second closing with other ballots, of which the first is not listed; and all of it once more, a little different.
    const closed = JSON.parse(leaves[4]!.body) as object;
    const [before, one] = [leaves.slice(0, 4), { box: await boxHash([mine]), ballots: 1, joined: { area: 100, heads: 1 } }];
    [server.ballots, server.leaves] = [ballots.slice(0, 1), before];
    await server.post('close', { ...closed, ...one });
    await t.run.run('count');
    expect([t.fault.value, server.parts]).toEqual([{ fault: 'hidden', no: 5 }, []]);
    [server.ballots, server.leaves] = [[], []];
    for (const leaf of before.slice(0, 2)) await server.post(leaf.kind, { ...(JSON.parse(leaf.body) as object), again: true });
    await server.post('close', { ...closed, box: await boxHash([]), ballots: 0, joined: { area: 0, heads: 0 } });
    await t.run.run('count');
    expect([t.fault.value, server.parts]).toEqual([{ fault: 'hidden', no: 1 }, []]);
  });

  it('shows a single ballot once its opening is on record', async () => {
    await keyed();
    await server.close();
    await server.post('opening', { opening: asked, head: 2, basis: 'court' });
    Object.assign(server.vote, { state: 'published' });
    const [a, b] = [tab('a'), tab('b')];
    for (const t of [a, b]) await vi.waitFor(() => expect(t.asked.value).toHaveLength(1));
    await a.open.run(asked, 2);
    expect([a.opened.value, a.sent.value]).toEqual([undefined, [asked]]);
    server.refuses = `POST /openings/${asked}/opened`;
    await b.open.run(asked, 2);
    expect([b.opened.value, b.open.error.value?.status]).toEqual([undefined, 409]);
    server.refuses = '';
    await b.open.run(asked, 2);
    expect([b.opened.value, server.opened]).toEqual([{ opening: asked, choices: [against], pictures: [] }, ['b']]);
  });

  it('shows the very picture of a paper beside its choice, and none that the ledger does not name', async () => {
    await keyed();
    Object.assign(server.vote, { state: 'published' });
    const picture = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, ...Array.from({ length: 3000 }, (_, i) => i % 251)]);
    const key = (await server.key()).key.public;
    server.scans = [await sealScan(key, { vote: id, form, head: 2 }, picture), await sealScan(key, { vote: id, form, head: 1 }, picture), base64(new Uint8Array(90))];
    await server.close();
    const [a, b] = [tab('a'), tab('b')];
    for (const t of [a, b]) await vi.waitFor(() => expect(t.asked.value).toHaveLength(1));
    const refused = async (fault: string) => {
      await a.open.run(asked, 2);
      expect([a.fault.value?.fault, server.parts]).toEqual([fault, []]);
    };
    await refused('unasked');
    await server.post('opening', { opening: asked, head: 2, basis: 'court' });
    const scans = server.scans;
    server.scans = [scans[1]!, scans[1]!, scans[2]!];
    await refused('scan');
    const leaf = server.leaves[3]!;
    const named = hex(await sha256(fromBase64(scans[0]!)));
    server.leaves[3] = { ...leaf, body: leaf.body.replace(named, hex(await sha256(fromBase64(scans[1]!)))) };
    await refused('ledger'); // the leaf that the server lists names that picture, and is not in the ledger
    [server.scans, server.leaves[3]] = [scans, leaf];
    await a.open.run(asked, 2);
    expect(a.opened.value).toBeUndefined(); // one teller alone opens nothing
    await b.open.run(asked, 2);
    expect(b.opened.value).toEqual({ opening: asked, choices: [against], pictures: [picture, undefined] }); // that of another line does not open
  });
});

/** A key that others made. */
async function keyOfOthers() {
  const { startTeller, reachOf, deal } = await import('./teller');
  const secrets = [1, 2, 3].map((no) => ({ ...startTeller(id), no }));
  const reach = secrets.map(reachOf);
  const dealings = (await Promise.all(secrets.map((s) => deal(s, reach)))).map((s) => s.dealing!);
  return (await combine(id, reach, dealings)).key;
}
