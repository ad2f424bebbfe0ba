import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { Screen } from './harness/screen.ts';
import { useWorld, type Who } from './harness/world.ts';

const world = useWorld();
afterEach(() => world.closeWindows());

interface Round { id: string; title: string; state: string }
let round: Round;
let published: Round;

beforeAll(async () => {
  const owner = await world.api('owner');
  const giveUp = Date.now() + 140_000;
  for (;;) { // the demonstration's round opens a minute after it was made
    const { items } = await owner.get<{ items: Round[] }>('/survey-rounds');
    published = items.find((r) => r.state === 'published')!;
    const open = items.find((r) => r.state === 'open');
    if (open) {
      round = open;
      break;
    }
    if (Date.now() > giveUp) throw new Error('the round did not open');
    await new Promise((wait) => setTimeout(wait, 1000));
  }
  await world.closeWindows();
}, 150_000);

const button = (screen: Screen, name: RegExp | string) => screen.page.getByRole('button', { name });

/** What a receipt says of its ballot. */
function read(receipt: string): { token: string; revision: number } {
  const bytes = Buffer.from(receipt.slice('RPR1.'.length), 'base64url');
  return { token: bytes.subarray(48, 80).toString('hex'), revision: bytes.readUInt32BE(112) };
}

/** Answers every question: the given place among the options, and words where they are asked for. */
async function answerAll(screen: Screen, place = 0, words = '路灯晚上不亮 𠮷🛗 <b>x</b> \'; --'): Promise<void> {
  for (let n = 0; n < 40; n++) {
    if (await screen.page.getByRole('heading', { name: /检查答案|Your answers/ }).isVisible()) return;
    const options = screen.page.locator('fieldset label');
    if (await screen.page.locator('textarea').isVisible()) await screen.page.locator('textarea').fill(words);
    else await options.nth(Math.min(place, (await options.count()) - 1)).click();
    const before = screen.page.url();
    await button(screen, /下一题|检查答案|Next|Review/).click();
    await screen.page.waitForURL((url) => url.toString() !== before);
  }
  throw new Error('the questions do not end');
}

async function begin(who: Who, look: Parameters<typeof world.screen>[1] = {}): Promise<Screen> {
  const screen = await world.screen(who, look);
  await screen.goto(`/survey/${round.id}`);
  return screen;
}

describe('a household answers on its phone', () => {
  it('draws, casts through a lost answer, keeps the receipt, checks it, and changes its mind', async () => {
    const screen = await begin('owner');
    await screen.check('survey/start');
    await screen.turn({ theme: 'dark' });
    await screen.check('survey/start');
    await screen.turn({ theme: 'light' });
    await button(screen, /开始回答/).click();
    await button(screen, '下一题').click();
    await screen.page.getByText('请选择或填写').waitFor();
    await screen.page.locator('fieldset label').first().click();
    for (const look of [{ theme: 'light' }, { theme: 'dark' }, { theme: 'light', text: 'large' }, { viewport: 'narrow' }, { viewport: 'phone', text: 'normal' }] as const) {
      await screen.turn(look);
      await screen.check('survey/question');
    }
    await button(screen, '下一题').click();
    await screen.page.getByText(/第 2 题/).waitFor();
    await screen.page.goBack();
    await expect.poll(() => screen.page.locator('fieldset input').first().isChecked()).toBe(true);
    await screen.page.goForward();
    await answerAll(screen);
    await screen.check('survey/review');

    // The page is loaded anew: the answers are on the device.
    await screen.goto(`/survey/${round.id}`);
    await button(screen, '接着回答').click();
    await screen.page.getByRole('heading', { name: '检查答案' }).waitFor();

    // The server gets the ballot, and its answer is lost.
    const cast = `**/public/survey-rounds/${round.id}/responses`;
    const sent: { cookie: string | undefined; referer: string | undefined }[] = [];
    screen.page.on('request', (r) => {
      if (r.method() === 'POST' && r.url().endsWith('/responses')) void r.allHeaders().then((h) => sent.push({ cookie: h['cookie'], referer: h['referer'] }));
    });
    await screen.page.route(cast, async (route) => {
      await route.fetch();
      await route.abort('connectionreset');
    });
    await button(screen, '领选票并提交').click();
    await screen.page.getByText(/有信号后会自动再发/).waitFor();
    await screen.page.evaluate(() => globalThis.dispatchEvent(new Event('offline')));
    screen.forgive(); // the browser writes the lost connection down
    await screen.check('survey/lost');
    await screen.page.unroute(cast);
    await screen.page.evaluate(() => globalThis.dispatchEvent(new Event('online'))); // then it goes out by itself
    await screen.page.getByRole('heading', { name: '已经提交' }).waitFor();
    await expect.poll(() => sent.length).toBe(2);
    expect(sent.map((s) => [s.cookie, s.referer])).toEqual([[undefined, undefined], [undefined, undefined]]);
    const receipt = await screen.page.locator('code').innerText();
    expect(receipt).toMatch(/^RPR1\.[A-Za-z0-9_-]{240}$/);
    expect(read(receipt).revision).toBe(1);
    for (const look of [{ theme: 'light' }, { theme: 'dark' }, { theme: 'light', viewport: 'narrow', text: 'large' }, { viewport: 'phone', text: 'normal' }] as const) {
      await screen.turn(look);
      await screen.check('survey/done');
    }

    const saving = screen.page.waitForEvent('download');
    await button(screen, '保存到手机').click();
    const saved = await (await saving).createReadStream();
    expect((await saved.toArray()).join('')).toContain(receipt);

    await button(screen, '显示二维码').click();
    await screen.page.getByRole('img', { name: '回执的二维码' }).waitFor();
    await screen.check('survey/code');

    await button(screen, '核对回执').click();
    await button(screen, '核对').click();
    await screen.page.getByRole('heading', { name: '回执有效' }).waitFor();
    await screen.check('survey/checked');

    // It changes its mind; the later answers count.
    await screen.goto(`/survey/${round.id}`);
    await button(screen, '修改答案').click();
    await answerAll(screen, 4, '改过的话');
    await button(screen, '提交修改').click();
    await screen.page.getByText('第 2 次提交').waitFor();
    expect(read(await screen.page.locator('code').innerText())).toEqual({ ...read(receipt), revision: 2 });
    screen.clean();

    const somebody = await world.screen('nobody', { lang: 'en' });
    await somebody.goto('/survey/check');
    await somebody.page.locator('textarea').fill(receipt);
    await button(somebody, 'Check').click();
    await somebody.page.getByRole('heading', { name: 'Valid' }).waitFor();
    await somebody.page.locator('textarea').fill(`${receipt.slice(0, 60)}AAAA${receipt.slice(64)}`);
    await button(somebody, 'Check').click();
    await somebody.page.getByRole('heading', { name: 'The check has failed' }).or(somebody.page.getByRole('alert')).waitFor();
    await somebody.check('survey/check-failed');

    // From the scanned code; then the ledger has another key than this device saw, and the person decides.
    const scanned = await world.screen('nobody');
    await scanned.goto(`/survey/check#${receipt}`);
    expect(await scanned.page.locator('textarea').inputValue()).toBe(receipt);
    expect(new URL(scanned.page.url()).hash).toBe('');
    await button(scanned, '核对').click();
    await scanned.page.getByRole('heading', { name: '回执有效' }).waitFor();
    await scanned.page.evaluate(async () => {
      const opened = indexedDB.open('redproperty.ballots');
      const db = await new Promise<IDBDatabase>((done) => (opened.onsuccess = () => done(opened.result)));
      const store = db.transaction('ledger', 'readwrite').objectStore('ledger');
      const asked = store.get('key');
      const known = await new Promise<{ verifierKey: string }>((done) => (asked.onsuccess = () => done(asked.result as { verifierKey: string })));
      store.put({ ...known, verifierKey: known.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00c0ffee+') }, 'key');
      await new Promise((done) => (store.transaction.oncomplete = done));
      db.close();
    });
    await button(scanned, '核对').click();
    await scanned.page.getByRole('heading', { name: '公开账本换了钥匙' }).waitFor();
    await scanned.page.getByText('00c0ffee').waitFor();
    await scanned.check('survey/rekeyed');
    const accept = button(scanned, '接受现在的账本');
    expect(await accept.isDisabled()).toBe(true);
    await scanned.page.getByText('我已经问过，编号一致').click();
    await accept.click();
    await scanned.page.getByRole('heading', { name: '回执有效' }).waitFor();

    // Another device of the same household is told where its ballot is.
    const other = await begin('owner');
    await other.page.getByRole('heading', { name: '您家的选票已经领过' }).waitFor();
    await other.check('survey/elsewhere');
  }, 180_000);

  it('has one ballot in two tabs', async () => {
    const first = await begin('neighbour', { lang: 'en' });
    await button(first, 'Begin').click();
    await answerAll(first, 1);
    const page = await first.page.context().newPage();
    await page.goto(`/survey/${round.id}?at=review`);
    const send = (p: typeof page) => p.getByRole('button', { name: 'Draw a ballot and send' }).click();
    await page.getByRole('button', { name: 'Draw a ballot and send' }).waitFor();
    await Promise.all([send(first.page), send(page)]);
    await Promise.all([first.page, page].map((p) => p.getByRole('heading', { name: 'Sent' }).waitFor()));
    const receipts = await Promise.all([first.page, page].map((p) => p.locator('code').innerText()));
    expect(read(receipts[0]!).token).toBe(read(receipts[1]!).token);
    first.clean();
  }, 90_000);

  it('shows a round that has ended, and the list', async () => {
    const screen = await world.screen('owner', { lang: 'en' });
    await screen.visit('/survey', 'survey/list');
    await screen.visit(`/survey/${published.id}`, 'survey/over');
    await button(screen, 'Look in the ledger').click();
    await screen.page.getByText(/^By the end of .* no ballot had been drawn for your home/).waitFor();
    await screen.check('survey/sealed');
  });

  it('says so where the browser has no cryptography', async () => {
    const screen = await world.screen('neighbour');
    await screen.page.addInitScript(() => Object.defineProperty(crypto, 'subtle', { value: undefined }));
    await screen.goto(`/survey/${round.id}`);
    await screen.page.getByRole('heading', { name: '这个页面不能投票' }).waitFor();
    await screen.check('survey/insecure');
  });
});
