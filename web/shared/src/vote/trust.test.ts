import { afterEach, expect, it, vi } from 'vitest';

import { createApi, type Schemas } from '../api/client';
import { concat, utf8 } from '../ballot/bytes';
import { sha256 } from '../ballot/hash';
import { MemoryStore, SignedLog } from '../ballot/simulated';
import { hex } from './choice';
import { markedLeaf, marksOf } from './marks';
import { VoteTrust } from './trust';

const vote = { id: '01a22d6f-3d6a-7174-b75c-763c692ff9c1', keyPublic: 'AA==' } as Schemas['Seen'];
afterEach(() => { vi.unstubAllGlobals(); });

it('waits for an opening of just now to be in the ledger, and seals to no key that is not there', async () => {
  const later = globalThis.setTimeout;
  vi.stubGlobal('setTimeout', (go: () => void) => { later(go); });
  let looks = 0;
  let sealedAt = 3;
  const leaf = (kind: string) => ({ kind, body: JSON.stringify({ vote: vote.id, kind }), ...(looks >= sealedAt ? { entry: 1 } : {}) });
  const api = createApi({ language: () => 'zh-CN', reauthenticate: () => Promise.resolve(false), chooseCapacity: () => Promise.resolve(undefined) }, () => {
    looks++;
    return Promise.resolve(Response.json({ items: ['announce', 'make_key', 'open'].map(leaf) }));
  });
  const trust = new VoteTrust(api, new MemoryStore());
  await expect(trust.key(vote)).rejects.toMatchObject({ fault: 'untrusted' }); // these leaves name another key
  expect(looks).toBe(3);
  [looks, sealedAt] = [0, 100];
  await expect(trust.key(vote)).rejects.toMatchObject({ fault: 'unsealed' });
  expect(looks).toBe(20);
});

it('finds a later ballot, or a second closing, that the server keeps from an owner', async () => {
  const [log, salt] = [new SignedLog('decisions'), new Uint8Array(32).fill(7)];
  const items: { kind: string; body: string; hash: string; at: string; entry: number }[] = [];
  const post = async (kind: string, what: object): Promise<void> => {
    const body = JSON.stringify({ ...what, vote: vote.id, kind });
    items.push({ kind, body, hash: '', at: '', entry: log.append(await markedLeaf({ ...(await marksOf(vote.id, []))!, salt }, { kind, body })) });
  };
  const commitment = '0a'.repeat(32);
  await post('announce', {});
  await post('open', { salt: hex(await sha256(concat(utf8('redproperty vote salt 1\0'), salt))) });
  log.add('of another vote');
  await post('ballot', { head: 3, revision: 1, commitment });
  await post('close', { ballotSalt: hex(salt) });
  const api = createApi({ language: () => 'zh-CN', reauthenticate: () => Promise.resolve(false), chooseCapacity: () => Promise.resolve(undefined) }, (input) =>
    Promise.resolve(Response.json(log.answer(new URL((input as Request).url)) ?? { items })));
  vi.stubGlobal('location', { origin: 'http://x' });
  const trust = new VoteTrust(api, new MemoryStore());
  const receipt = { text: '', vote: vote.id, head: 3, revision: 1, commitment };
  await expect(trust.kept(vote, receipt)).resolves.toBe('kept');
  for (const [kind, what] of [['ballot', { head: 3, revision: 2, commitment }], ['close', { ballotSalt: hex(salt) }]] as const) {
    await post(kind, { ...what, again: true });
    items.pop();
    await expect(trust.kept(vote, receipt)).rejects.toMatchObject({ fault: 'untrusted' });
  }
});
