import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';

import { option } from '@redproperty/shared/vote/choice';
import { sealChoices } from '@redproperty/shared/vote/seal';
import { binary } from './harness/program.ts';
import type { Screen } from './harness/screen.ts';
import { Api, useWorld } from './harness/world.ts';

interface Vote { id: string; title: string; state: string; quorum?: unknown; result?: unknown }
interface Line { head: number; voted?: boolean; developer: boolean; paper?: boolean; parts: { label: string; unitId: string }[] }

const world = useWorld();
afterEach(() => world.closeWindows());
const title = '门禁改造表决 𠮷🏠 <b>x</b>';
/** What the announcement's fields propose: sixteen days of notice, fifteen of voting. */
const hours = { open: 17 * 24, closed: 33 * 24 };
const picture = { name: 'ballot.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };

const desk = (who: 'committee' | 'community-worker') => world.screen(who, { viewport: 'desktop' });

/** Waits until the vote is in a state, as the program and the tellers move it on. */
async function until(id: string, state: string): Promise<void> {
  const committee = await world.api('committee');
  await expect.poll(async () => (await committee.get<Vote>(`/votes/${id}`)).state, { timeout: 60_000, interval: 500 }).toBe(state);
}

/** Takes a step of the desk: its button, then the dialog's. */
async function step({ page }: Screen, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Chooses the option of a number in every item, seals and casts. */
async function cast({ page }: Screen, option: string): Promise<void> {
  await page.getByLabel(option, { exact: true }).check();
  await page.getByRole('button', { name: '检查', exact: true }).click();
  await page.getByRole('button', { name: '封好并投出' }).click();
  await page.getByRole('heading', { name: '已经投出' }).waitFor();
}

/** Enters a paper ballot as one of two persons. */
async function enter(who: 'committee' | 'community-worker', id: string, head: number, says: RegExp): Promise<void> {
  const screen = await desk(who);
  const { page } = screen;
  await screen.goto(`/desk/votes/${id}/paper/${head}`);
  const code = page.getByLabel('票上印的号码');
  await page.getByRole('button', { name: '封好并提交' }).press('Enter');
  await expect.poll(() => code.evaluate((field) => field === document.activeElement), { message: 'what is missing has the focus' }).toBe(true);
  await code.fill('k7qx 9wpm');
  await page.getByLabel('反对', { exact: true }).check();
  await page.getByLabel('选择照片').setInputFiles(picture);
  await page.getByRole('button', { name: '封好并提交' }).click();
  await page.getByRole('status').filter({ hasText: says }).waitFor();
}

/** Logs a window in by the code that the program's log shows, with a number nobody had before. */
async function enters(screen: Screen, phone: string): Promise<Api> {
  const api = new Api(screen.page.context().request);
  const codes = async () => [...(await readFile(join(world.folder, 'log.txt'), 'utf8')).matchAll(new RegExp(`phone=${phone} code=(\\d{6})`, 'g'))].map(([, code]) => code);
  const before = (await codes()).length;
  await api.post('/auth/codes', { phone });
  await expect.poll(async () => (await codes()).length, { interval: 50 }).toBe(before + 1);
  await api.post('/auth/sessions/by-code', { phone, code: (await codes()).at(-1) });
  return api;
}

/** Five owners with a phone: two own a dwelling together, each of the others has one. They are on the roll that is posted next. */
async function owners(): Promise<{ phone: string; unit: string }[]> {
  const community = await world.api('community');
  const open = (await community.get<{ items: Vote[] }>('/votes?state=open')).items[0]!;
  const free = (await community.get<{ items: Line[] }>(`/votes/${open.id}/roll`)).items.filter((l) => !l.voted && !l.developer && l.parts.length === 1).slice(6, 10);
  const units = [free[0]!, ...free].map((l) => l.parts[0]!.unitId);
  return Promise.all(units.map(async (unit, n) => {
    const phone = `1990000200${n}`;
    const api = await enters(await world.screen('nobody'), phone);
    const { person } = await api.get<{ person: string }>('/account');
    await community.post('/owners', { name: '业主', kind: 'person', unitIds: [unit], from: '2020-01-01', evidence: 'register', personId: person });
    await api.post(`/units/${unit}/claim`);
    return { phone, unit };
  }));
}

/** Of two who own a dwelling together one votes, and the other reads that it is done; a delegate stands for three owners and for no fourth. */
async function together(id: string, delegate: Screen, list: { phone: string }[]): Promise<void> {
  const [first, second, ...others] = list;
  const screen = await world.screen('nobody', { viewport: 'narrow', text: 'large' });
  await enters(screen, first!.phone);
  await screen.goto(`/votes/${id}`);
  await screen.page.getByRole('button', { name: '投票', exact: true }).click();
  await cast(screen, '同意');
  await screen.page.context().clearCookies();
  const api = await enters(screen, second!.phone);
  await screen.goto(`/votes/${id}`);
  await screen.page.getByText('共有人已投').waitFor();
  for (const name of ['投票', '改投', '生成委托码']) expect(await screen.page.getByRole('button', { name, exact: true }).count(), name).toBe(0);
  await screen.check('votes/co-owner');
  const [own] = (await api.get<{ items: { head: number }[] }>(`/votes/${id}/own-heads`)).items;
  const { keyPublic, formHash } = await api.get<{ keyPublic: string; formHash: string }>(`/votes/${id}`);
  const sealed = await sealChoices(keyPublic, { vote: id, form: formHash, head: own!.head }, [option(0)]);
  await expect(api.send('PUT', `/votes/${id}/heads/${own!.head}/ballot`, { sealed })).rejects.toThrow('vote.co_owner_voted');

  await delegate.goto(`/votes/${id}`);
  await delegate.page.getByRole('button', { name: '我是受托人' }).click();
  for (const [n, { phone }] of others.entries()) {
    const owner = await enters(await world.screen('nobody'), phone);
    const [mine] = (await owner.get<{ items: { head: number }[] }>(`/votes/${id}/own-heads`)).items;
    const { code } = await owner.post<{ code: string }>(`/votes/${id}/heads/${mine!.head}/proxy`);
    await delegate.page.getByLabel('委托码').fill(code);
    await delegate.page.getByRole('button', { name: '领取委托' }).click();
    if (n < 2) await delegate.page.getByText('受委托代投').nth(n + 1).waitFor();
    else await delegate.page.getByText('一人最多接受3位业主委托').waitFor();
  }
  expect(await delegate.page.getByText('已领取').count(), 'who has three takes no fourth').toBe(0);
  expect(await delegate.page.getByText('受委托代投').count()).toBe(3);
  await delegate.check('votes/delegate');
}

/** Nobody but owners and tellers sees or changes a choice: by no request, not in the program's files, not in its log. */
async function nobodyElse(id: string, paper: number, free: number, kept: string): Promise<void> {
  const { keyPublic, formHash } = await (await world.api('owner')).get<{ keyPublic: string; formHash: string }>(`/votes/${id}`);
  const sealed = await sealChoices(keyPublic, { vote: id, form: formHash, head: free }, [option(0)]);
  const weight = { area: 0, heads: 0 };
  const forged = { outcome: { joined: weight, items: [{ options: [weight], against: weight, abstain: weight, void: weight }] }, spoiled: [] };
  for (const who of ['manager', 'operator', 'street-party', 'street-office', 'community-worker', 'committee'] as const) {
    const api = await world.api(who);
    for (const [method, path, body] of [
      ['GET', '/box'], ['GET', '/exact-totals'], ['GET', '/bundle'], ['GET', '/own-heads'], ['PUT', `/heads/${free}/ballot`, { sealed }], ['PUT', `/heads/${paper}/ballot`, { sealed }], ['POST', `/heads/${free}/proxy`],
      ['POST', '/proxies', { code: 'ABCDEFGHJKLMNPQR' }], ['PUT', '/teller/parts', { purpose: id, to: 2, sealed: 'AAAA' }], ['PUT', '/teller/count', forged],
    ] as const) await expect(api.send(method, `/votes/${id}${path}`, body), `${who} ${method} ${path}`).rejects.toThrow(/: 4(03|04|09)/);
  }
  for (const who of ['manager', 'operator'] as const) await expect((await world.api(who)).get(`/votes/${id}`), who).rejects.toThrow(/: 404|: 403/);
  // The number printed on the paper, its picture and the receipts' secrets are nowhere; nor is what the phones keep in the log.
  const hidden = [Buffer.from('K7QX9WPM'), picture.buffer.subarray(33)];
  for (const file of await readdir(world.folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.parentPath.includes('teller')) continue;
    const bytes = await readFile(join(file.parentPath, file.name));
    for (const secret of hidden) expect(bytes.includes(secret), `${file.name} holds what was sealed`).toBe(false);
  }
  expect(kept).not.toMatch(/choice/i);
}

it('goes from the desk to the published result: key of three tellers, ballots by phone, by a delegate and on paper, counted by two', async () => {
  // The committee makes a vote; what is missing is said at its field.
  const committee = await desk('committee');
  const { page } = committee;
  await committee.goto('/desk/votes/new');
  await page.locator('#vote-title').fill(title);
  await page.getByRole('button', { name: '保存' }).click();
  await expect.poll(() => page.locator('.el-form-item__error').count()).toBe(3);
  await page.locator('#vote-reason').fill('东大门的门禁常坏，换新的要花公共收益。');
  await page.getByLabel('表决什么').fill('更换东大门门禁');
  await page.getByLabel('具体内容').fill('费用 4.2 万元，从公共收益支出。');
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForURL(/votes\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').pop()!;
  await step(committee, '公告');
  const some = await owners();
  await step(committee, '公示名册');
  await page.getByText('还没有开票密钥').waitFor();

  // Three tellers of three sides: on the desk, on the phone, by the command line. The same bytes in all three.
  let phone = await world.phone('neighbour', 'teller');
  const file = join(world.folder, 'teller.json');
  const teller = (...more: string[]) => promisify(execFile)(binary, ['vote', 'teller', file, '--server', world.url, '--login', 'community', ...more], { env: { ...process.env, REDPROPERTY_PASSWORD: world.password('community') } });
  await page.getByRole('button', { name: '在这台电脑上做监票人' }).click();
  await page.getByText('1 号席 · 业主委员会（您）').waitFor();
  await phone.screen.goto(`/votes/${id}`);
  await phone.screen.page.getByRole('button', { name: '我当监票人' }).click();
  await phone.screen.page.getByText('您是 2 号监票人').waitFor();
  await teller('--vote', id); // takes the third seat and deals
  for (const [here, there, next] of [['分发', '分发份额', '核对并确认密钥'], ['核对并确认密钥', '核对并确认密钥', '投票结束后再来计票']] as const) {
    await page.reload();
    await page.getByRole('button', { name: here, exact: true }).click();
    await expect.poll(() => page.getByText(here === '分发' ? '等待确认' : '已确认密钥').count(), { timeout: 15_000 }).toBe(2);
    await phone.screen.page.reload();
    await phone.screen.page.getByRole('button', { name: there, exact: true }).click();
    await phone.screen.page.getByText(next).waitFor();
    await teller();
  }
  await page.reload();
  await page.getByText('密钥已生成').waitFor();
  expect((await (await world.api('committee')).get<Vote & { waits?: string }>(`/votes/${id}`)).waits, 'the roll is posted for long enough on the day').toBeUndefined();
  await phone.context.close();

  // The day comes. An owner gives somebody authority; the delegate votes for both; a third comes with paper.
  await world.pass(hours.open);
  await until(id, 'open');
  const owner = await world.screen('owner');
  await owner.goto(`/votes/${id}`);
  await owner.page.getByRole('button', { name: '委托别人投票' }).click();
  await owner.page.getByRole('button', { name: '生成委托码' }).click();
  const code = await owner.page.getByRole('dialog').locator('code').innerText();
  phone = await world.phone('neighbour', 'teller');
  const delegate = phone.screen;
  await delegate.goto(`/votes/${id}`);
  await delegate.page.getByRole('button', { name: '我是受托人' }).click();
  await delegate.page.getByLabel('委托码').fill(code.toLowerCase());
  await delegate.page.getByRole('button', { name: '领取委托' }).click();
  await delegate.page.getByText('受委托代投').waitFor();
  for (const option of ['同意', '弃权']) {
    await delegate.goto(`/votes/${id}`);
    await delegate.page.getByRole('button', { name: /^投票/ }).first().click();
    await cast(delegate, option);
  }
  await delegate.check('votes/receipt');
  await together(id, delegate, some);
  const lines = await (await world.api('committee')).get<{ items: Line[] }>(`/votes/${id}/roll`);
  const head = lines.items.filter((l) => !l.voted && !l.developer).at(-1)!.head;
  await enter('community-worker', id, head, /等另一个人/);
  await enter('committee', id, head, /已计入/);

  // Nobody sees more than whether two thirds took part.
  for (const who of ['committee', 'street-party', 'street-office'] as const) {
    const seen = await (await world.api(who)).get<Vote>(`/votes/${id}`);
    expect(seen.quorum).toEqual({ quorumArea: false, quorumHeads: false, favourArea: false, favourHeads: false });
    expect(seen.result).toBeUndefined();
  }
  await nobodyElse(id, head, lines.items.filter((l) => !l.voted)[0]!.head, await delegate.page.evaluate(() => JSON.stringify(localStorage)));
  await phone.context.close();

  // It closes by itself. Two tellers count, one on the phone, one by the command line; nobody else learns anything before they agree.
  await world.pass(hours.closed);
  await until(id, 'closed');
  phone = await world.phone('neighbour', 'teller');
  const counting = phone.screen.page;
  await phone.screen.goto(`/votes/${id}`);
  await counting.getByRole('button', { name: '计票', exact: true }).click();
  await counting.getByText('现在没有要做的').waitFor();
  const { stdout } = await teller();
  expect(stdout).toContain('Handed in');
  await counting.getByRole('button', { name: '计票', exact: true }).click();
  await until(id, 'counted');

  const publishing = await desk('committee');
  await publishing.goto(`/desk/votes/${id}`);
  await step(publishing, '公布结果');
  await until(id, 'published');
  // Four of all owners took part, who are known by name: everybody reads the tests alone, the tellers the totals.
  const { result } = await (await world.api('owner')).get<{ result: { exactTotals: boolean; items: { options: { passed: boolean; count?: unknown }[] }[] } }>(`/votes/${id}`);
  expect([result.exactTotals, result.items[0]!.options[0]!.count, result.items[0]!.options[0]!.passed]).toEqual([false, undefined, false]);
  const exact = await (await world.api('committee')).get<{ joined: { heads: number }; items: { options: { heads: number }[]; against: { heads: number }; abstain: { heads: number } }[] }>(`/votes/${id}/exact-totals`);
  expect([exact.joined.heads, exact.items[0]!.options[0]!.heads, exact.items[0]!.against.heads, exact.items[0]!.abstain.heads]).toEqual([4, 2, 1, 1]);

  // The delegate finds both ballots as promised, and the ledger has the result.
  await phone.screen.goto(`/votes/${id}`);
  await expect.poll(async () => { // what was just published is in the ledger some seconds later
    await counting.getByRole('button', { name: '核对账本' }).click();
    await counting.getByText(/账本里有这次表决|还没有登记好/).waitFor();
    return counting.getByText('账本里有这次表决').isVisible();
  }, { timeout: 30_000, interval: 1000 }).toBe(true);
  await counting.getByRole('button', { name: '核对回执' }).first().click();
  await counting.getByRole('button', { name: '核对', exact: true }).click();
  await counting.getByRole('heading', { name: '如实计入' }).waitFor();

  // A court wants to see the paper ballot: two tellers open it, and its picture stands beside the choice.
  const office = await world.screen('street-office', { viewport: 'desktop' });
  await office.goto(`/desk/votes/${id}`);
  await office.page.getByRole('button', { name: '请求打开' }).click();
  const asking = office.page.getByRole('dialog');
  await asking.getByLabel('名册第几行').fill(String(head));
  await asking.getByLabel('理由').fill('人民法院调查令（2026）鲁0612民初1号，核对该票。');
  await asking.getByRole('button', { name: '请求打开' }).click();
  await asking.waitFor({ state: 'detached' });
  const file1 = await page.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('redproperty.teller.'))); // the committee's part of the key is in its first window
  await publishing.page.evaluate((kept) => kept.forEach(([name, value]) => localStorage.setItem(name, value)), file1);
  await publishing.goto(`/desk/votes/${id}`);
  await publishing.page.getByRole('button', { name: '打开这一张' }).click();
  await publishing.page.getByText('已交出您的部分').waitFor();
  expect(await publishing.page.getByText('的选择（请当面交给').count(), 'one teller alone opens nothing').toBe(0);
  await phone.screen.goto(`/votes/${id}`);
  await counting.getByRole('button', { name: '打开这一张' }).click();
  await counting.getByText('更换东大门门禁: 反对').waitFor();
  for (const n of [1, 2]) expect(await counting.getByRole('img', { name: `纸质票照片 ${n}` }).evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(1);
  await phone.screen.check('votes/opened');
  phone.screen.clean('the phone');
  publishing.clean('the desk');
}, 180_000);
