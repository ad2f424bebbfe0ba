import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { lastPromised } from './envelope';
import { parseReceipt } from './receipt';
import { form, MemoryStore, round, Simulated, unit } from './simulated';
import { Voter } from './voter';
import { LedgerWatch } from './watch';

vi.setConfig({ testTimeout: 20_000 }); // arithmetic of 2048 bits, on a machine that has other work too

let server: Simulated;
let device: MemoryStore;
let voter: Voter;
beforeEach(() => {
  server = new Simulated().start();
  device = new MemoryStore();
  voter = new Voter(server.api, device);
});

/** Lets every pause be over at once, and tells the how manieth it is. */
function pauses(tell: (n: number) => void = () => undefined): void {
  const later = globalThis.setTimeout;
  let n = 0;
  vi.stubGlobal('setTimeout', (go: () => void) => {
    tell(++n);
    later(go);
  });
}
afterEach(() => { vi.unstubAllGlobals(); });

const answers = { clean: 4, say: '电梯又坏了 𠮷' };

describe('a household’s device', () => {
  it('draws, casts, casts again, and finds its ballot as promised', async () => {
    await voter.draw(round, unit, 's0001');
    const first = await voter.cast(round, unit, form, answers);
    expect(first.revision).toBe(1);
    const second = await voter.cast(round, unit, form, { clean: 2 });
    expect(second.revision).toBe(2);
    expect(await voter.check(second)).toBe('open');
    server.close();
    expect(await voter.check(second)).toBe('kept');
    expect(await voter.check(first)).toBe('replaced');
    expect(lastPromised(device.held.get(round + unit))?.answers).toEqual({ clean: 2 });
  });

  it('draws the same ballot after a lost answer, and casts the same revision', async () => {
    server.trouble = 'lose';
    await expect(voter.draw(round, unit, 's0001')).rejects.toMatchObject({ code: 'client.unreachable' });
    const kept = device.held.get(round + unit)?.pending;
    await voter.draw(round, unit, 's0001');
    expect(server.drawn.get(unit)).toBe(kept?.blinded);
    server.trouble = 'lose';
    await expect(voter.cast(round, unit, form, answers)).rejects.toMatchObject({ code: 'client.unreachable' });
    const receipt = await voter.cast(round, unit, form, answers);
    expect(receipt.revision).toBe(1);
    expect(device.held.get(round + unit)?.casts).toHaveLength(1);
  });

  it('has one ballot in two tabs', async () => {
    const other = new Voter(server.api, device);
    const both = await Promise.all([voter.draw(round, unit, 's0001'), other.draw(round, unit, 's0001')]);
    expect(both[0].ballot).toEqual(both[1].ballot);
    const receipts = await Promise.all([voter.cast(round, unit, form, answers), other.cast(round, unit, form, answers)]);
    expect(receipts.map((r) => r.revision)).toEqual([1, 1]);
  });

  it('says without a name what it answers', async () => {
    await voter.draw(round, unit, 's0001');
    await voter.cast(round, unit, form, answers);
    const casting = server.requests.find((r) => r.url.endsWith('/responses'));
    expect(casting?.credentials).toBe('omit');
    expect(casting?.referrerPolicy).toBe('no-referrer');
    const named = server.requests.filter((r) => r.credentials !== 'omit');
    expect(named.map((r) => new URL(r.url).pathname)).toEqual([`/api/v1/survey-rounds/${round}/dwellings/${unit}/ballot`]);
    expect(JSON.stringify(await Promise.all(named.map((r) => r.json())))).not.toContain(device.held.get(round + unit)?.ballot?.secret);
  });

  it('blinds for no key that the ledger does not hold', async () => {
    server.trouble = 'other-key';
    await expect(voter.draw(round, unit, 's0001')).rejects.toMatchObject({ fault: 'untrusted' });
    server.trouble = 'no-leaf';
    pauses();
    await expect(voter.draw(round, unit, 's0001')).rejects.toMatchObject({ fault: 'unsealed' });
    expect(server.drawn.size).toBe(0);
  });

  it('waits for a round that was opened just now to be in the ledger', async () => {
    server.trouble = 'no-leaf';
    pauses((n) => { if (n === 3) server.trouble = ''; });
    await voter.draw(round, unit, 's0001');
    expect(server.drawn.size).toBe(1);
  });

  it('notices another ledger, and a history that was written anew', async () => {
    await voter.draw(round, unit, 's0001');
    const receipt = await voter.cast(round, unit, form, answers);
    server.log.add('more');
    expect(await voter.check(receipt)).toBe('open');
    server.rewrite();
    server.log.add('more');
    await expect(voter.check(receipt)).rejects.toMatchObject({ fault: 'rewritten' });
  });

  it('stops at a ledger with another key until the person has asked and takes it', async () => {
    await voter.draw(round, unit, 's0001');
    const [another, same] = [new Simulated().start(), new MemoryStore()];
    same.ledger = device.ledger;
    const elsewhere = new Voter(another.api, same);
    await expect(elsewhere.draw(round, unit, 's0001')).rejects.toMatchObject({ fault: 'rekeyed' });
    expect(another.drawn.size).toBe(0);
    const sides = await new LedgerWatch(another.api, same, 'surveys').sides();
    expect(sides.before?.verifierKey).toBe(device.ledger?.verifierKey);
    expect(sides.now.verifierKey).not.toBe(sides.before?.verifierKey);
    await same.forgetLedger();
    await elsewhere.draw(round, unit, 's0001');
    expect(another.drawn.size).toBe(1);
  });

  it('keeps no receipt that promises something else', async () => {
    await voter.draw(round, unit, 's0001');
    server.trouble = 'other-answers';
    await expect(voter.cast(round, unit, form, answers)).rejects.toMatchObject({ fault: 'receipt' });
    expect(lastPromised(device.held.get(round + unit))).toBeUndefined();
  });

  it('names a ballot that was dropped or changed', async () => {
    await voter.draw(round, unit, 's0001');
    const receipt = parseReceipt((await voter.cast(round, unit, form, answers)).text);
    server.close();
    const counted = server.counted;
    server.counted = undefined;
    await expect(voter.check(receipt)).rejects.toMatchObject({ fault: 'missing' });
    server.counted = counted && { ...counted, entry: counted.entry.replace(/(?<="commitment":")./, (first) => (first === 'A' ? 'B' : 'A')) };
    await expect(voter.check(receipt)).rejects.toMatchObject({ fault: 'broken' });
    server.counted = counted && { ...counted, pos: counted.pos + 1 };
    await expect(voter.check(receipt)).rejects.toMatchObject({ fault: 'untrusted' });
  });
});
