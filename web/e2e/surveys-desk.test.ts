import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';

import { binary } from './harness/program.ts';
import type { Screen } from './harness/screen.ts';
import { useWorld } from './harness/world.ts';

interface Round { id: string; title: string; state: string; formId: string; marginBp?: number; version: number; projects: { serviceAreaId: string }[] }
interface Settlement { id: string; state: string; dispute?: string }
interface Remark { id: string; content: string; state: string; shown?: string; reason?: string }

const world = useWorld();
afterEach(() => world.closeWindows());
const desk = (who: Parameters<typeof world.screen>[0]) => world.screen(who, { viewport: 'desktop' });

async function published(): Promise<Round> {
  const { items } = await (await world.api('street-office')).get<{ items: Round[] }>('/survey-rounds?limit=50');
  return items.find((r) => r.state === 'published')!;
}

it('makes a round of the year’s plan, changes it and gives it up with a reason', async () => {
  const office = await desk('street-office');
  await office.goto('/desk/year-plans');
  await office.page.getByRole('link', { name: /年测评计划/ }).click();
  await office.page.getByRole('button', { name: '生成第 1 轮草稿' }).click();
  await office.page.getByRole('dialog').locator('.el-select').click();
  await office.page.getByRole('option', { name: '物业服务满意度' }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '生成第 1 轮草稿' }).dblclick();
  await office.page.waitForURL(/rounds\/[0-9a-f-]{36}$/);
  const id = office.page.url().split('/').at(-1)!;
  const name = "改期 '; -- 𠮷 <b>x</b>";
  await office.page.getByRole('button', { name: '修改' }).click();
  await office.page.getByLabel('名称').fill(name);
  const opens = office.page.getByLabel('开放', { exact: true });
  const before = await opens.inputValue();
  await opens.fill('2027-02-30 09:00');
  await office.page.keyboard.press('Tab');
  await office.page.getByText('没有“2027-02-30 09:00”这个日期').waitFor(); // and not 2 March
  await opens.fill(before.replace(/[-:]/g, ''));
  await office.page.keyboard.press('Tab');
  await expect.poll(() => opens.inputValue()).toBe(before);
  await office.page.getByRole('button', { name: '保存' }).click();
  await office.page.getByRole('heading', { level: 1, name }).waitFor();
  await office.page.getByRole('button', { name: '取消本轮' }).click();
  await office.page.getByRole('dialog').getByLabel('理由').fill('短');
  await office.page.getByRole('dialog').getByRole('button', { name: '取消本轮' }).click();
  await office.page.locator('.el-form-item__error').waitFor();
  await office.page.getByRole('dialog').getByLabel('理由').fill('时间与春节重合，另行安排。');
  await office.page.getByRole('dialog').getByRole('button', { name: '取消本轮' }).dblclick();
  await office.page.getByText('本轮已取消').waitFor();
  expect(await (await world.api('street-office')).get<Round>(`/survey-rounds/${id}`)).toMatchObject({ title: name, state: 'cancelled' });
  office.clean();
}, 90_000);

it('releases words with what tells who blacked out, and withholds with a reason', async () => {
  const { id } = await published();
  const community = await desk('community');
  await community.goto(`/desk/rounds/${id}/remarks`);
  const first = community.page.locator('article').first();
  const words = await first.locator('textarea').inputValue();
  await first.locator('textarea').evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(0, 2));
  await first.getByRole('button', { name: '遮住选中的文字' }).click();
  const second = community.page.locator('article').nth(1);
  await second.getByLabel('不发布').check();
  await community.page.getByRole('button', { name: '提交 2 条' }).click();
  await community.page.getByText('还有 1 条没有选理由').waitFor();
  await second.getByRole('combobox').selectOption({ label: '与物业服务无关' });
  await community.page.getByRole('button', { name: '提交 2 条' }).dblclick();
  await expect.poll(() => community.page.locator('article').count()).toBe(3);
  const api = await world.api('community');
  const list = async (state: string) => (await api.get<{ items: Remark[] }>(`/survey-rounds/${id}/remarks?state=${state}`)).items;
  expect((await list('released')).map((r) => [r.content, r.shown])).toEqual([[words, `■■${words.slice(2)}`]]);
  expect((await list('withheld')).map((r) => r.reason)).toEqual(['unrelated']);
  community.clean();
}, 60_000);

it('settles nothing while an audit is open, and tells the other side why one disagrees', async () => {
  const { id } = await published();
  const list = async () => (await (await world.api('committee')).get<{ items: Settlement[] }>(`/survey-rounds/${id}/settlements`)).items;
  const card = (screen: Screen) => screen.page.locator('.card', { has: screen.page.getByRole('heading', { name: '得分与服务费' }) });
  const committee = await desk('committee');
  await committee.goto(`/desk/rounds/${id}`);
  await card(committee).getByRole('button', { name: '确认' }).click();
  await committee.page.getByRole('dialog').getByRole('button', { name: '确认' }).click();
  await committee.page.getByRole('dialog').getByRole('alert').waitFor(); // the audit of the demonstration is not over
  await committee.page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
  expect((await list()).map((s) => s.state)).toEqual(['company_confirmed']);
  await card(committee).getByRole('button', { name: '不同意' }).click();
  await committee.page.getByRole('dialog').getByRole('button', { name: '不同意' }).click();
  await committee.page.locator('.el-form-item__error').waitFor();
  await committee.page.getByRole('dialog').getByRole('textbox').fill("面积有误，请先核对。'; -- 𠮷");
  await committee.page.getByRole('dialog').getByRole('button', { name: '不同意' }).dblclick();
  await card(committee).getByText('有争议').waitFor();

  const manager = await desk('manager');
  await manager.goto(`/desk/rounds/${id}`);
  await card(manager).getByText("面积有误，请先核对。'; -- 𠮷").waitFor();
  expect(await card(manager).getByRole('button', { name: /^(确认|不同意)$/ }).count()).toBe(0);
  expect((await list()).map((s) => [s.state, s.dispute])).toEqual([['disputed', "面积有误，请先核对。'; -- 𠮷"]]);
  for (const s of [committee, manager]) s.clean();
}, 60_000);

it('enters a fact by one person and decides it by another, and the grade follows', async () => {
  const office = await desk('street-office');
  await office.goto('/desk/credit');
  await office.page.getByRole('link', { name: '烟台示范物业服务有限公司' }).click();
  await office.page.getByRole('button', { name: '记录信用信息' }).click();
  await office.page.getByLabel('分值').fill('2.5');
  await office.page.getByLabel('文件编号').fill('测试〔2026〕1号');
  await office.page.getByLabel('标题').fill("义务植树 '; -- 𠮷");
  await office.page.getByLabel('证明材料和存放处').fill('表扬信，存街道物业办。');
  await office.page.getByRole('dialog').getByRole('button', { name: '告知' }).dblclick();
  await office.page.getByText("义务植树 '; -- 𠮷").waitFor();
  const path = new URL(office.page.url()).pathname;
  const deputy = await desk('street-deputy');
  await deputy.goto(path);
  const item = deputy.page.locator('article', { hasText: '义务植树' });
  await item.getByRole('button', { name: '决定' }).click();
  await deputy.page.getByRole('dialog').getByText('予以记入', { exact: true }).click();
  await deputy.page.getByRole('dialog').getByRole('textbox').fill('属实，予以记入。');
  await deputy.page.getByRole('dialog').getByRole('button', { name: '决定' }).dblclick();
  await item.getByText('计入', { exact: true }).waitFor();
  await deputy.page.getByText('80.5 分').first().waitFor();
  for (const s of [office, deputy]) s.clean();
}, 60_000);

/** Saves what a click hands over into the folder that goes to the machine that prints. */
async function carry(screen: Screen, folder: string, act: () => Promise<void>): Promise<void> {
  const [file] = await Promise.all([screen.page.waitForEvent('download'), act()]);
  await file.saveAs(join(folder, file.suggestedFilename()));
}

/** Keys a sheet in by digits, and says what the page says of it. */
async function keyIn(screen: Screen, code: string, digit: string): Promise<Locator> {
  await screen.page.getByLabel('问卷编号').fill(code);
  const questions = screen.page.locator('form fieldset', { has: screen.page.locator('input[type=radio]') });
  for (let i = 0; i < (await questions.count()); i++) { // answers bring questions
    await questions.nth(i).locator('input').first().focus();
    if ((await questions.nth(i).locator('label').count()) > 6 || !(await questions.nth(i).innerText()).includes('5')) await questions.nth(i).locator('input').nth(1).check();
    else await screen.page.keyboard.press(digit);
  }
  await screen.page.getByRole('button', { name: '提交这一份' }).dblclick();
  const main = screen.page.getByRole('main');
  return main.getByRole('status').or(main.getByRole('alert'));
}

it('orders paper, has it signed, hands it out, keys it in by two persons, makes some void, and signs the counted round off with one signature', async () => {
  await world.pass(1); // the demonstration's round opens
  const rounds = await world.api('street-office');
  const underWay = async () => (await rounds.get<{ items: Round[] }>('/survey-rounds?limit=50')).items.find((r) => r.state === 'open');
  await expect.poll(underWay, { timeout: 60_000, interval: 500 }).toBeTruthy();
  const round = (await underWay())!.id;
  const folder = join(world.folder, 'lot');
  await mkdir(folder);
  const print = (...of: string[]) => promisify(execFile)(binary, ['ballot', 'print', ...of]);
  const office = await desk('street-office');
  await office.goto(`/desk/rounds/${round}/paper`);
  await office.page.getByRole('button', { name: '订购一批' }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '订购一批' }).dblclick();
  await carry(office, folder, () => office.page.getByRole('button', { name: '下载 order.json' }).click());
  await print('blind', folder, '--key', (await rounds.get<{ verifierKey: string }>('/ledger/key')).verifierKey);
  await carry(office, folder, () => office.page.locator('input[type=file]').setInputFiles(join(folder, 'blinded.json')));
  await print('finish', folder);
  await office.page.locator('input[type=file]').nth(1).setInputFiles(join(folder, 'blinded.json'));
  await office.page.getByText('这不是印制电脑生成的 manifest.json').waitFor();
  await office.page.locator('input[type=file]').nth(1).setInputFiles(join(folder, 'manifest.json'));
  await office.page.getByText('可以发放', { exact: true }).waitFor();
  const codes = [...new Set((await readFile(join(folder, 'sheets.html'), 'utf8')).match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}\b/g))];
  expect(codes.length).toBe(20);

  const community = await desk('community');
  await community.goto(`/desk/rounds/${round}/paper`);
  await community.page.getByRole('button', { name: '登记领取' }).click();
  await community.page.getByRole('dialog').getByRole('combobox').pressSequentially('1-1-201');
  await community.page.getByRole('option').first().click();
  await community.page.getByRole('dialog').getByRole('button', { name: '登记领取' }).dblclick();
  await community.page.getByText('已登记', { exact: true }).waitFor();
  await community.page.getByRole('dialog').getByRole('button', { name: '关闭', exact: true }).click();
  await community.page.getByRole('button', { name: '作废退回的' }).click();
  await community.page.getByText('没有发出去').click();
  await community.page.getByRole('dialog').getByRole('textbox').fill(codes.slice(18).join('\n'));
  await community.page.getByRole('dialog').getByRole('button', { name: '作废退回的' }).dblclick();
  await community.page.getByText('2 个已作废').waitFor();
  for (const s of [office, community]) await s.goto(`/desk/rounds/${round}/paper/enter`);
  await expect.poll(async () => (await keyIn(office, codes[0]!, '4')).innerText()).toContain('请另一个人再录一遍');
  await (await keyIn(community, codes[0]!, '5')).getByText('与第一遍不一致').waitFor();
  await (await keyIn(community, codes[0]!, '4')).getByText('两遍一致，已计入').waitFor();
  for (const s of [office, community]) s.clean();
  await world.closeWindows();

  await world.pass(22 * 24);
  const party = await world.api('street-party');
  await expect.poll(async () => (await party.get<{ items: { roundId: string }[] }>('/survey-audits/queue?limit=50')).items.some((w) => w.roundId === round), { timeout: 60_000, interval: 500 }).toBe(true);
  const screen = await desk('street-party');
  await screen.goto('/desk/score-audits');
  await screen.page.getByRole('checkbox', { disabled: false }).check();
  await screen.page.getByRole('button', { name: '签认所选 1 轮' }).click();
  await screen.page.getByRole('dialog').getByRole('button', { name: '签认' }).dblclick();
  await screen.page.getByText('已签认 1 轮').waitFor();
  expect((await party.get<{ items: { state: string }[] }>(`/survey-rounds/${round}/audits`)).items.map((a) => a.state)).toEqual(['signed_off']);
  screen.clean();
}, 120_000);
