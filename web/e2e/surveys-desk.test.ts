import { afterEach, expect, it } from 'vitest';

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
