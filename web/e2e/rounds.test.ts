import { afterEach, expect, it } from 'vitest';

import { useWorld } from './harness/world.ts';

interface Round { id: string; title: string; state: string; method: string; version: number; projects: { reconciledAt?: string }[] }
interface Pledge { organisationId: string; commitment: string; value?: string }

const world = useWorld();
afterEach(() => world.closeWindows());

const title = `抽样测评 <b>不是粗体</b>'; -- 𠮷🏠 ${'长'.repeat(40)}`;

it('is planned once, checked by the community, pledged to by three parties, frozen, and shown what was pledged', async () => {
  const office = await world.screen('street-office', { viewport: 'desktop' });
  await office.goto('/desk/rounds');
  await office.page.getByRole('button', { name: '发起测评' }).click();
  await office.page.getByLabel('名称').fill(title);
  await office.page.getByText('随机抽样').click();
  await office.page.getByRole('button', { name: '保存' }).dblclick();
  await office.page.waitForURL(/rounds\/[0-9a-f-]{36}$/);
  await office.page.getByRole('heading', { level: 1, name: title }).waitFor();
  await office.check('rounds/journey-draft');
  const api = await world.api('street-office');
  const mine = (await api.get<{ items: Round[] }>('/survey-rounds?limit=50')).items.filter((r) => r.title === title);
  expect(mine.map((r) => [r.state, r.method])).toEqual([['draft', 'sample']]);
  const path = `/desk/rounds/${mine[0]!.id}`;
  await expect(office.page.getByRole('button', { name: '封存名册' }).isDisabled()).resolves.toBe(true);

  const community = await world.screen('community', { viewport: 'tablet' });
  await community.goto(path);
  await community.page.getByRole('button', { name: '核对名册' }).click();
  await community.page.getByRole('button', { name: '确认名册无误' }).dblclick();
  await community.page.getByText('社区已于').waitFor();

  const secrets: string[] = [];
  const windows = [];
  for (const who of ['manager', 'committee', 'street-office'] as const) {
    const screen = await world.screen(who, { viewport: 'desktop' });
    windows.push(screen);
    await screen.goto(path);
    await screen.page.getByRole('button', { name: '投入密值' }).click();
    secrets.push((await screen.page.locator('.el-dialog code').innerText()).trim());
    await screen.page.getByRole('button', { name: '公布指纹' }).click();
    await screen.page.locator('.el-dialog').waitFor({ state: 'hidden' });
    await screen.page.getByText('密值尚未亮出').first().waitFor();
  }
  const pledges = async () => (await api.get<{ items: Pledge[] }>(`/survey-rounds/${mine[0]!.id}/pledges`)).items;
  expect((await pledges()).map((p) => p.value)).toEqual([undefined, undefined, undefined]);

  await office.goto(path);
  await office.page.getByRole('button', { name: '封存名册' }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '封存名册' }).dblclick();
  await office.page.getByText('名册不再变动').waitFor();
  expect((await api.get<Round>(`/survey-rounds/${mine[0]!.id}`)).state).toBe('frozen');

  await windows[0]!.goto(path);
  await windows[0]!.page.getByRole('button', { name: '亮出密值' }).click();
  await windows[0]!.page.getByRole('button', { name: '亮出', exact: true }).click();
  await windows[0]!.page.getByText(secrets[0]!).waitFor();
  expect((await pledges()).filter((p) => p.value !== undefined).map((p) => p.value)).toEqual([secrets[0]]);
  for (const screen of [office, community, ...windows]) screen.clean();
}, 120_000);

it('says what is wrong with a plan at its field and keeps what was typed', async () => {
  const office = await world.screen('street-office', { viewport: 'desktop' });
  await office.goto('/desk/rounds/new');
  await office.page.getByLabel('名称').fill('太短的一轮');
  const closes = office.page.getByLabel('截止');
  await closes.fill('2026-1-1 9:00');
  await office.page.locator('.el-picker-panel:visible').getByText('2026 年').waitFor(); // in the application's language, whatever the browser's
  await closes.press('Enter');
  expect(await closes.inputValue()).toBe('2026-01-01 09:00');
  await office.page.getByRole('button', { name: '保存' }).click();
  await office.page.getByText('测评开放时间应为 7 至 45 天').waitFor();
  expect(await office.page.getByLabel('名称').inputValue()).toBe('太短的一轮');
});

it('shows who is rated a score with its interval in words, and neither the audit, the way to plan, nor an objection that is too late', async () => {
  const manager = await world.screen('manager', { viewport: 'desktop' });
  await manager.goto('/desk/rounds');
  expect(await manager.page.getByRole('button', { name: '发起测评' }).count()).toBe(0);
  await manager.page.getByRole('link', { name: '上一轮物业服务满意度测评（示范）' }).click();
  await manager.page.getByText(/95% 置信区间 [\d.]+ 至 [\d.]+/).first().waitFor();
  await manager.page.getByText(/提出异议的时间已于 .+ 结束/).waitFor();
  expect(await manager.page.getByRole('button', { name: '提出异议' }).count()).toBe(0);
  manager.clean();
});
