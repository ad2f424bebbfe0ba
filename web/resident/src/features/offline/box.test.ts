import { describe, expect, it } from 'vitest';

import * as queue from './action';
import type { NewAction } from './action';
import { HeldBox, MemoryBox, type Box } from './box';

const fresh = (key: string): NewAction => ({ key, account: 'me', kind: 'jobs.note', about: key, title: key, input: {}, madeAt: 0 });
const keys = async (box: Box) => (await box.all()).map((a) => a.key);

/** A device whose storage can be full: it still reads, and writes nothing; or that refuses everything. */
class Device extends MemoryBox {
  full = false;
  refuses = false;

  override async all() {
    if (this.refuses) throw new DOMException('denied', 'SecurityError');
    return super.all();
  }

  override async edit(change: Parameters<Box['edit']>[0]) {
    if (this.full || this.refuses) throw new DOMException('full', 'QuotaExceededError');
    return super.edit(change);
  }
}

function phone() {
  const device = new Device();
  const told: boolean[] = [];
  return { device, told, box: new HeldBox(device, (alone) => told.push(alone)) };
}

describe('the queue where the device keeps nothing', () => {
  it('is held by the page, in its order, and says so', async () => {
    const { device, told, box } = phone();
    device.refuses = true;
    await Promise.all(['a', 'b'].map((key) => box.edit((all) => queue.added(all, [fresh(key)]))));
    expect((await box.all()).map((a) => [a.key, a.seq])).toEqual([['a', 1], ['b', 2]]);
    await box.edit((all) => queue.sent(all, 'a', {}));
    expect(await keys(box)).toEqual(['b']);
    expect(told.at(-1)).toBe(true);
  });

  it('goes on with what was on the device before it was full, and sends nothing of that twice', async () => {
    const { device, told, box } = phone();
    await box.edit((all) => queue.added(all, [fresh('a'), fresh('b')]));
    device.full = true;
    await box.edit((all) => queue.tried(all, 'a', 7));
    expect((await box.all())[0]).toMatchObject({ key: 'a', triedAt: 7 });
    await box.edit((all) => queue.sent(all, 'a', {}));
    expect(await keys(box)).toEqual(['b']);
    expect(told.at(-1)).toBe(false); // nothing is on the page alone
  });

  it('writes what it held as soon as there is room, and deletes what had to go', async () => {
    const { device, told, box } = phone();
    await box.edit((all) => queue.added(all, [fresh('a')]));
    device.full = true;
    await box.edit((all) => queue.discarded(all, 'a'));
    await box.edit((all) => queue.added(all, [fresh('b')]));
    expect(told.at(-1)).toBe(true);
    device.full = false;
    await box.edit((all) => queue.added(all, [fresh('c')]));
    expect(await keys(device)).toEqual(['b', 'c']);
    expect(told.at(-1)).toBe(false);
  });
});
