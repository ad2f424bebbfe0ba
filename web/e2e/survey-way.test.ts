import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { Api, useWorld } from './harness/world.ts';
import type { Screen } from './harness/screen.ts';

interface Form { id: string; state: string; questionnaire: { title: { zh: string }; sections: { items: { code: string; kind: string; dimension?: string; showIf?: unknown }[] }[] } }
interface Round { id: string; title: string; state: string; method: string; revision: number }

const world = useWorld();
const title = '从问卷到审计 𠮷🏠 <b>x</b>';
const voters = 30;
const hours = { open: 1, closed: 8 * 24 };

const local = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);
const desk = (who: Parameters<typeof world.screen>[0]) => world.screen(who, { viewport: 'desktop' });

/** Fills in a text in both languages. */
async function words(screen: Screen, group: string, zh: string, en: string): Promise<void> {
  const fields = screen.page.getByRole('group', { name: group, exact: true }).first();
  await fields.getByLabel('中文').fill(zh);
  await fields.getByLabel('英文').fill(en);
}

/** Waits until the round is in one of the states, as the program moves it on by itself. */
async function until(id: string, ...states: string[]): Promise<void> {
  const office = await world.api('street-office');
  await expect.poll(async () => (await office.get<Round>(`/survey-rounds/${id}`)).state, { timeout: 60_000, interval: 500 }).toSatisfy((s: string) => states.includes(s));
}

/** Logs the neighbour of a number in on the window's phone, by the code that the program's log shows. */
async function enter(screen: Screen, n: number): Promise<void> {
  const phone = `19900001${String(n).padStart(3, '0')}`;
  const context = screen.page.context();
  await context.clearCookies();
  const api = new Api(context.request);
  await api.post('/auth/codes', { phone });
  const find = async () => (await readFile(join(world.folder, 'log.txt'), 'utf8')).match(new RegExp(`phone=${phone} code=(\\d{6})`))?.[1];
  await expect.poll(find, { interval: 50 }).toBeTruthy();
  await api.post('/auth/sessions/by-code', { phone, code: await find() });
}

/** Answers on the phone's own pages and sends the ballot. */
async function vote(screen: Screen, n: number, round: string): Promise<void> {
  const { page } = screen;
  await page.goto(`/survey/${round}`, { waitUntil: 'commit' });
  await page.getByRole('button', { name: '开始回答' }).click();
  const next = page.getByRole('button', { name: /下一题|检查答案/ });
  await page.getByText('第 1 题').waitFor();
  await page.locator('fieldset label').nth(n % 2).click(); // yes or no
  await next.click();
  await page.getByText('第 2 题').waitFor();
  await page.locator('fieldset label').nth(n % 5).click();
  await next.click();
  if (n % 2 === 0) { // asked of those who said yes
    await page.getByText('第 3 题').waitFor();
    await page.locator('fieldset label').nth((n >> 1) % 5).click();
    await next.click();
  }
  await page.getByRole('button', { name: '领选票并提交' }).click();
  await page.getByRole('heading', { name: '已经提交' }).waitFor();
}

it('goes from the builder to the audit: written, frozen, answered by thirty phones, counted, published, objected to, audited', async () => {
  // The office writes a questionnaire. What is missing is said at its place, and nothing typed is lost.
  const office = await desk('street-office');
  await office.goto('/desk/forms');
  await office.page.getByRole('button', { name: '新建问卷' }).click();
  await office.page.locator('.card', { has: office.page.getByRole('heading', { name: '物业服务满意度', exact: true }) }).getByRole('button', { name: '从空白开始' }).click();
  await words(office, '问卷名称', title, 'From the builder');
  await office.page.getByRole('button', { name: '添加分节' }).click();
  await words(office, '分节标题', '服务', 'Service');
  await office.page.getByRole('group', { name: '添加题目：' }).getByRole('button', { name: '评分 1–5' }).click();
  await words(office, '问什么', '您对保洁满意吗？', 'Are you satisfied with the cleaning?');
  await office.page.getByLabel('计入哪个分项').selectOption({ label: '保洁' });
  await office.page.getByRole('group', { name: '添加题目：' }).getByRole('button', { name: '单选' }).click();
  await words(office, '问什么', '您家报修过吗？', 'Have you reported a repair?');
  await words(office, '选项 1', '报修过', 'Yes');
  await office.page.getByRole('button', { name: '保存草稿' }).click();
  await office.page.getByText(/还有 1 处没有写好/).waitFor();
  expect(await office.page.getByText('请提供中英文两种文本').count()).toBe(2);
  await words(office, '选项 2', '没有', 'No');
  await office.page.waitForTimeout(600);
  await office.page.reload();
  await office.page.getByText('已恢复上次没有保存的内容').waitFor();
  await office.page.getByRole('navigation', { name: '问卷目录' }).getByRole('button', { name: /您家报修过吗/ }).press('Alt+ArrowUp');
  await office.page.getByRole('navigation', { name: '问卷目录' }).getByRole('button', { name: /您对保洁满意吗/ }).click();
  await office.page.getByRole('group', { name: '添加题目：' }).getByRole('button', { name: '评分 1–5' }).click();
  await words(office, '问什么', '您对维修满意吗？', 'Are you satisfied with the repair?');
  await office.page.getByLabel('计入哪个分项').selectOption({ label: '维修' });
  await office.page.getByRole('button', { name: '添加条件' }).click();
  await office.page.getByLabel('看哪道题').selectOption({ label: '您家报修过吗？' });
  await office.page.getByText('按预览里的答案，这道题不会问到').waitFor();
  await office.check('forms/journey-builder');
  await office.page.getByRole('button', { name: '保存草稿' }).dblclick();
  await office.page.waitForURL(/forms\/[0-9a-f-]{36}$/);
  await office.page.getByRole('button', { name: '发布', exact: true }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '发布' }).dblclick();
  await office.page.getByText('已经发布的问卷不能再改').waitFor();
  let api = await world.api('street-office');
  const form = await api.get<Form>(`/survey-forms/${office.page.url().split('/').at(-1)}`);
  expect([form.state, form.questionnaire.title.zh]).toEqual(['published', title]);
  expect(form.questionnaire.sections[0]!.items.map((i) => [i.kind, i.dimension])).toEqual([['single', undefined], ['rating', 'cleaning'], ['rating', 'repair']]);

  // A round with it: planned, its roll confirmed, frozen.
  await office.page.getByRole('button', { name: '用它发起测评' }).click();
  await office.page.getByLabel('名称').fill(title);
  await office.page.getByLabel('开放').fill(local(Date.now() + 3 * 60_000));
  await office.page.getByLabel('截止').fill(local(Date.now() + 7 * 86_400_000 + 600_000));
  await office.page.getByLabel('截止').press('Enter');
  await office.page.getByRole('button', { name: '保存' }).click();
  await office.page.waitForURL(/rounds\/[0-9a-f-]{36}$/);
  const round = office.page.url().split('/').at(-1)!;
  const community = await desk('community');
  await community.goto(`/desk/rounds/${round}`);
  await community.page.getByRole('button', { name: '核对名册' }).click();
  await community.page.getByRole('button', { name: '确认名册无误' }).click();
  await community.page.getByText('社区已于').waitFor();
  await office.goto(`/desk/rounds/${round}`);
  await office.page.getByRole('button', { name: '封存名册' }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '封存名册' }).click();
  await office.page.getByText('名册不再变动').waitFor();
  for (const s of [office, community]) s.clean();
  await world.closeWindows();

  // Thirty households answer, ten on each of three phones, one after the other.
  await world.pass(hours.open);
  await until(round, 'open');
  const homes = Array.from({ length: 60 }, (_, i) => i).filter((i) => ![0, 5, 10].includes(i)).slice(0, voters);
  await Promise.all([0, 1, 2].map(async (lane) => {
    const phone = await world.screen('nobody');
    for (const home of homes.filter((_, i) => i % 3 === lane)) {
      await enter(phone, home);
      await vote(phone, home, round);
    }
    phone.clean('the phones');
  }));

  // It closes and is counted by itself; the office shows the score.
  await world.pass(hours.closed);
  await until(round, 'scored');
  const holder = await desk('street-office');
  await holder.goto(`/desk/rounds/${round}`);
  await holder.page.getByRole('button', { name: '公布得分' }).click();
  await holder.page.getByRole('dialog').getByRole('button', { name: '公布得分' }).dblclick();
  await holder.page.getByText('得分已公布，可以提出异议').waitFor();
  await holder.page.getByText(/95% 置信区间 [\d.]+ 至 [\d.]+/).first().waitFor();
  await holder.check('rounds/journey-published');
  api = await world.api('street-office');
  const card = await api.get<{ projects: { result: { counts: { answers: number; dwellings: number } } }[] }>(`/public/survey-rounds/${round}/score`);
  expect(card.projects[0]!.result.counts.answers).toBe(voters);

  // The company objects, and the deputy, who had no hand in it, dismisses the objection.
  const manager = await desk('manager');
  await manager.goto(`/desk/rounds/${round}`);
  await manager.page.getByRole('button', { name: '提出异议' }).click();
  const [why, send] = [manager.page.getByLabel('异议内容'), manager.page.getByRole('dialog').getByRole('button', { name: '提出异议' })];
  await why.fill('短');
  await send.click();
  await manager.page.locator('.el-form-item__error').waitFor();
  expect(await why.inputValue()).toBe('短');
  await why.fill("保洁得分偏低，请复核。'; -- 𠮷");
  await send.dblclick();
  await manager.page.getByText('等待裁决').waitFor();
  const deputy = await desk('street-deputy');
  await deputy.goto(`/desk/rounds/${round}`);
  await deputy.page.getByRole('button', { name: '裁决' }).click();
  await deputy.page.getByText('异议不成立，得分维持').click();
  await deputy.page.getByLabel('裁决理由').fill('已重算得分，与公布的一致，异议不成立。');
  await deputy.page.getByRole('dialog').getByRole('button', { name: '裁决' }).dblclick();
  await deputy.page.getByText('异议不成立', { exact: true }).waitFor();
  await deputy.check('rounds/journey-decided');

  // The street audits it: an exclusion by two persons, a conclusion, and the decision that revises the score.
  const queue = await world.api('street-party');
  await expect.poll(async () => (await queue.get<{ items: { roundId: string }[] }>('/survey-audits/queue?limit=50')).items.some((w) => w.roundId === round), { timeout: 30_000, interval: 500 }).toBe(true); // examined by itself
  const party = await desk('street-party');
  await party.goto(`/desk/rounds/${round}/audits`);
  await party.page.getByRole('button', { name: '开始审计' }).click();
  await party.page.getByRole('dialog').getByRole('textbox').fill('季度抽查：核对得分和复访情况。');
  await party.page.getByRole('dialog').getByRole('button', { name: '开始审计' }).dblclick();
  await party.page.getByText('得分一致到最后一位').waitFor();
  await party.page.getByRole('button', { name: '提出剔除' }).click();
  await party.page.getByRole('dialog').getByText(/^渠道：网上（\d+ 份答卷）/).click();
  await party.page.getByRole('dialog').getByRole('textbox').fill('演练：网上答卷来源需要核实。');
  await party.page.getByRole('dialog').getByRole('button', { name: '提出剔除' }).dblclick();
  await party.page.getByText('等待另一人确认').waitFor();
  const saving = party.page.waitForEvent('download');
  await party.page.getByRole('button', { name: 'XLSX' }).click();
  const sheet = (await (await (await saving).createReadStream()).toArray()).reduce<number>((n, part: Buffer) => n + part.length, 0);
  expect(sheet).toBeGreaterThan(4000);
  await party.check('score-audit/journey-exclusion');
  const audit = party.page.url().split('/').at(-1)!;
  await deputy.goto(`/desk/rounds/${round}/audits/${audit}`);
  await deputy.page.getByRole('button', { name: '确认剔除' }).click();
  await deputy.page.getByRole('dialog').getByRole('button', { name: '确认剔除' }).dblclick();
  await deputy.page.getByText('已由街道办事处确认').waitFor();
  await party.goto(`/desk/rounds/${round}/audits/${audit}`);
  await party.page.getByRole('button', { name: '提出审查意见' }).click();
  await party.page.getByRole('dialog').getByText(/^修订/).click();
  await party.page.getByRole('dialog').getByRole('textbox').fill('按已经确认的剔除重新计算得分。');
  await party.page.getByRole('dialog').getByRole('button', { name: '提出审查意见' }).dblclick();
  await deputy.goto(`/desk/rounds/${round}/audits/${audit}`);
  await deputy.page.getByRole('button', { name: '裁决' }).click();
  await deputy.page.getByRole('dialog').getByText(/^修订/).click();
  await deputy.page.getByRole('dialog').getByRole('textbox').fill('同意修订，修订前的原得分仍然公开。');
  await deputy.page.getByRole('dialog').getByRole('button', { name: '裁决' }).dblclick();
  await until(round, 'revised');
  for (const s of [holder, manager, deputy, party]) s.clean();
  await world.closeWindows();
}, 240_000);
