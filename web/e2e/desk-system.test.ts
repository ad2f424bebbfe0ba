import { afterEach, expect, it } from 'vitest';

import { orders } from './desk-orders.ts';
import { useWorld } from './harness/world.ts';

const world = useWorld();
afterEach(() => world.closeWindows());

const hostile = "<script>alert(1)</script> '; DROP TABLE x; -- 𠮷 👵";

it('is an operator’s day: an account locked and unlocked, an exception with a reason, an answer to feedback', async () => {
  const [tenant, owner] = [await world.api('tenant'), await world.api('owner')];
  await owner.post('/platform/feedback', { kind: 'accessibility', text: `字太小 ${hostile}` });
  const screen = await world.screen('operator', { viewport: 'desktop' });
  const { page } = screen;
  await screen.goto('/desk/');
  await page.getByRole('link', { name: '看后台任务' }).click();
  await page.getByRole('cell', { name: '操作记录写入存证账本' }).waitFor();
  expect(await page.getByRole('cell').filter({ hasText: /^[a-z_]+[.-][a-z_]+$/ }).count(), 'a job without a name').toBe(0);

  await page.getByRole('link', { name: '账号', exact: true }).click();
  await page.getByLabel('用户名或手机号').fill(hostile);
  await page.keyboard.press('Enter');
  await page.getByText('没有使用该用户名或手机号的账号').waitFor();
  await page.getByLabel('用户名或手机号').fill('tenant');
  await page.keyboard.press('Enter');
  const account = (await page.locator('article code').textContent())!;
  await page.getByRole('button', { name: `锁定账号 ${account}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: '锁定' }).dblclick();
  await page.getByRole('button', { name: `解锁账号 ${account}` }).first().waitFor();
  await expect(tenant.get('/account')).rejects.toThrow('401');
  await page.getByRole('button', { name: `解锁账号 ${account}` }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '解锁' }).click();
  await page.getByText('没有锁定的账号').waitFor();
  await tenant.post('/auth/sessions', { login: 'tenant', password: world.password('tenant') });

  await page.getByRole('link', { name: '访问限制' }).click();
  await page.getByRole('button', { name: '为“每人提交操作”设例外' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('账号编号').fill('not an id');
  await dialog.getByLabel('理由').fill(`现场集中登记 ${hostile}`);
  await dialog.getByRole('button', { name: '设例外' }).click();
  await dialog.locator('.el-form-item__error').waitFor();
  await dialog.getByLabel('账号编号').fill(account);
  await dialog.getByRole('button', { name: '设例外' }).dblclick();
  await page.getByText(`现场集中登记 ${hostile}`).waitFor();
  const [made] = await (await world.api('operator')).get<{ limit: string; burst: number; expiresAt?: string }[]>('/system/limits/overrides');
  expect([made?.limit, made?.burst, made?.expiresAt !== undefined]).toEqual(['writes_per_account', 240, true]);
  await page.getByRole('button', { name: '取消“每人提交操作”的例外' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '取消', exact: true }).last().click();
  await page.getByText('没有例外').waitFor();

  await page.getByRole('link', { name: '用户意见' }).click();
  await page.getByText(`字太小 ${hostile}`).waitFor();
  await page.getByRole('button', { name: '答复' }).click();
  await page.getByLabel('答复内容').fill(`右上角可以换成大字。${hostile}`);
  await page.getByRole('dialog').getByRole('button', { name: '提交' }).dblclick();
  await page.getByText('没有待答复的意见').waitFor();
  const { items } = await owner.get<{ items: { answer?: string }[] }>('/platform/feedback/mine');
  expect(items[0]!.answer).toBe(`右上角可以换成大字。${hostile}`);
  screen.clean();
});

it('is the street’s day: pressure that nobody else sees, extreme weather, the trail in words', async () => {
  const { working } = await orders(world);
  await (await world.api('owner')).post(`/work-orders/${working}/pressure-reports`, { kind: 'asked_to_withdraw', text: `要我撤回 ${hostile}` });
  const party = await world.screen('street-party', { viewport: 'desktop' });
  await party.goto('/desk/pressure');
  await party.page.getByText(`要我撤回 ${hostile}`).waitFor();
  await party.page.getByRole('button', { name: '记录处理结果' }).click();
  await party.page.getByLabel('怎么处理的').fill('已约谈项目负责人');
  await party.page.getByRole('dialog').getByRole('button', { name: '记录并结案' }).dblclick();
  await party.page.getByText('没有待处理的').waitFor();
  const manager = await world.screen('manager', { viewport: 'desktop' });
  await manager.goto('/desk/pressure');
  await manager.page.getByText('没有权限查看').waitFor();
  await manager.page.getByRole('link', { name: '回到工作台' }).click();
  expect(await manager.page.getByRole('link', { name: '受压反映' }).count()).toBe(0);

  const office = await world.screen('street-office', { viewport: 'desktop' });
  await office.goto('/desk/weather');
  await office.page.getByRole('button', { name: '公告极端天气' }).click();
  const dialog = office.page.getByRole('dialog');
  await dialog.getByRole('button', { name: '公告极端天气' }).click();
  await dialog.getByText('请从列表中选择范围').waitFor();
  await dialog.getByLabel('范围').fill('宁海花园');
  await dialog.getByRole('option').filter({ hasText: '小区' }).first().click();
  await dialog.getByLabel('依据').fill(`暴雨红色预警 ${hostile}`);
  await dialog.getByLabel('开始时间').fill(new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 16)); // an hour ago, in China
  await dialog.getByRole('button', { name: '公告极端天气' }).dblclick();
  await office.page.getByText(`暴雨红色预警 ${hostile}`).waitFor();
  expect(await office.page.getByText(`暴雨红色预警 ${hostile}`).count(), 'a double click declares once').toBe(1);
  await office.page.getByText('进行中').waitFor();
  await office.page.getByRole('button', { name: '结束', exact: true }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: '保存' }).click();
  await office.page.getByText('已结束').waitFor();

  await party.page.getByRole('link', { name: '操作审计' }).click();
  await party.page.getByRole('cell', { name: '工单：结束极端天气' }).waitFor();
  for (let more = party.page.getByRole('button', { name: '加载更多' }), i = 0; i < 3 && (await more.count()) > 0; i++) await more.click();
  await party.settled();
  const cells = await party.page.locator('.el-table__body td:nth-child(2), .el-table__body td:nth-child(3), .el-table__body td:nth-child(4)').allTextContents();
  expect([...new Set(cells.filter((c) => /[a-z]/.test(c)))], 'what has no words').toEqual([]);
  await party.page.getByRole('row').filter({ hasText: '工单：结束极端天气' }).getByRole('button').click();
  await party.page.getByRole('button', { name: '同一对象的记录' }).click();
  await expect.poll(() => party.page.getByRole('row').count(), { message: 'declared and ended, and the heading' }).toBe(3);
  await party.page.getByRole('button', { name: '如何核验' }).click();
  await party.page.getByText('localhost/redproperty/audit').waitFor();
  for (const screen of [party, manager, office]) screen.clean();
});

it('finds and goes by keyboard, guides once, tells what is unread, and keeps one’s own affairs', async () => {
  const screen = await world.screen('community', { viewport: 'desktop' });
  const { page } = screen;
  const { items } = await (await world.api('community')).get<{ items: { id: string; number: string }[] }>('/work-orders?limit=1');
  await screen.goto('/desk/');
  await page.getByRole('button', { name: '知道了，不再显示' }).click();
  await page.reload();
  await screen.settled();
  expect(await page.getByRole('button', { name: '知道了，不再显示' }).count()).toBe(0);

  await page.keyboard.press('Control+k');
  await page.locator('#command-input:focus').waitFor();
  await page.keyboard.type(items[0]!.number);
  await page.getByRole('option').filter({ hasText: items[0]!.number }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(`${world.url}/desk/orders/${items[0]!.id}`);
  await page.keyboard.press('Control+k');
  await page.locator('#command-input:focus').fill('换成深色');
  await page.getByRole('option', { name: '换成深色', exact: true, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
  await page.keyboard.press('Control+k');
  await page.locator('#command-input:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#command-input').waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^消息，\d+ 条未读$/ }).click();
  await page.getByRole('button', { name: '全部已读' }).click();
  await page.getByRole('button', { name: '消息，没有未读' }).waitFor();
  expect((await (await world.api('community')).get<{ unread: number }>('/inbox/unread-count')).unread).toBe(0);

  await page.getByRole('button', { name: '我的账户与帮助' }).click();
  await page.getByRole('menuitem', { name: '我的账户' }).click();
  await page.getByLabel('用户名').fill('manager');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('用户名').inputValue(), 'what was typed stays').toBe('manager');
  await page.getByRole('tab', { name: '访问令牌' }).click();
  await page.getByRole('button', { name: '新建令牌' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('用途').fill(hostile);
  await dialog.getByRole('combobox').click();
  await page.getByRole('option', { name: 'workorder.read', exact: true }).click();
  await dialog.getByLabel('用途').click();
  await dialog.getByRole('button', { name: '新建令牌' }).dblclick();
  const secret = (await page.getByRole('status').locator('code').textContent())!;
  const asked = await fetch(`${world.url}/api/v1/work-orders?limit=1`, { headers: { Authorization: `Bearer ${secret}` } });
  expect(asked.status).toBe(200);
  expect((await (await world.api('community')).get<unknown[]>('/account/tokens')).length, 'a double click makes one').toBe(1);
  screen.clean();
});
