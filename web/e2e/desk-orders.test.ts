import { afterEach, describe, expect, it } from 'vitest';

import { personOf, publicArea } from './desk-orders.ts';
import type { Screen } from './harness/screen.ts';
import { useWorld } from './harness/world.ts';

interface Order { id: string; number: string; state: string; title: string; description: string; handler: { assigneeId?: string } }
const world = useWorld();
afterEach(() => world.closeWindows());

const desk = { viewport: 'desktop' } as const;
/** Answers the dialog that a step opened. */
const confirm = (screen: Screen, step: string) => screen.page.locator('.el-dialog').getByRole('button', { name: step, exact: true }).click();
const step = (screen: Screen, name: string) => screen.page.getByRole('region', { name: '可以办理' }).getByRole('button', { name: new RegExp(`^${name}`) }).click();
const said = (screen: Screen, text: string) => screen.page.getByText(text).first().waitFor();

async function reported(title = '东大门道闸抬杆慢', category = 'access.barrier'): Promise<Order> {
  const owner = await world.api('owner');
  return (await owner.post<{ order: Order }>('/work-orders', { where: { publicAreaId: await publicArea(world, '东大门') }, category, title })).order;
}
const read = async (id: string) => (await world.api('community')).get<Order>(`/work-orders/${id}`);

describe('orders on the desk', () => {
  it('go the whole way: resident, company, worker, resident, community, street', async () => {
    const order = await reported();
    const manager = await world.screen('manager', desk);
    await manager.goto('/desk/');
    await manager.page.getByRole('link', { name: new RegExp(order.title) }).first().click();
    await step(manager, '立案');
    await confirm(manager, '立案');
    await said(manager, '已办理：立案');
    await step(manager, '派单');
    const dialog = manager.page.getByRole('dialog', { name: '派单' });
    await dialog.getByRole('combobox').click();
    await manager.page.getByRole('option', { name: /陈/ }).click();
    await confirm(manager, '派单');
    await said(manager, '已办理：派单');
    expect((await read(order.id)).handler.assigneeId).toBe(await personOf(world, 'worker'));

    const worker = await world.api('worker');
    await worker.post(`/work-orders/${order.id}/arrive`);
    await worker.post(`/work-orders/${order.id}/resolve`, { text: '调整了抬杆速度。' });
    await said(manager, '已处理'); // the open page follows by itself
    await (await world.api('owner')).post(`/work-orders/${order.id}/confirm`, { rating: { solved: 'no', satisfied: 1, remark: '早高峰还是慢', passOn: true } });

    const community = await world.screen('community', desk);
    await community.goto('/desk/callbacks');
    await community.page.getByRole('row', { name: new RegExp(order.number) }).getByRole('button', { name: '记录回访' }).click();
    await community.page.getByLabel('回访记录').fill('已与报事人通话，约定周末复查。');
    await confirm(community, '保存');
    await community.page.getByRole('row', { name: new RegExp(order.number) }).waitFor({ state: 'hidden' });
    community.clean();

    const street = await world.screen('street-office', desk);
    await street.goto('/desk/rates');
    await street.page.getByRole('button', { name: /^合计 办结 \d+/ }).click();
    await street.page.getByRole('dialog').getByRole('link', { name: order.number }).waitFor();
    street.clean();
    manager.clean();
  });

  it('are taken down at the front desk by keyboard alone', async () => {
    const screen = await world.screen('community-worker', desk);
    await screen.goto('/desk/front-desk');
    await screen.page.waitForFunction(() => document.activeElement?.id === 'call-phone');
    const keys = screen.page.keyboard;
    await keys.type('13800000000');
    await keys.press('Tab');
    await keys.type('李大妈');
    await keys.press('Tab');
    await keys.type('3-2-501');
    await screen.page.getByRole('option', { name: /3号楼 2单元 501/ }).waitFor();
    await keys.press('Enter');
    await keys.press('Tab');
    await keys.press('Tab');
    await keys.type('shuilongtou');
    await screen.page.getByRole('option', { name: /户内水管/ }).waitFor();
    await keys.press('Tab');
    await keys.type('龙头漏水');
    await keys.press('Control+Enter');
    const receipt = await screen.page.getByRole('heading', { name: /已登记/ }).textContent();
    const list = await (await world.api('community')).get<{ items: Order[] }>(`/work-orders?q=${/[A-Z]+-\d+-\d+/.exec(receipt!)![0]}`);
    expect(list.items).toHaveLength(1);
    expect(list.items[0]).toMatchObject({ title: '龙头漏水', category: 'water.home_plumbing', source: 'desk' });
    await screen.page.waitForFunction(() => document.activeElement?.id === 'call-next');
    await keys.press('Enter');
    await screen.page.waitForFunction(() => document.activeElement?.id === 'call-phone');
    screen.clean();
  });

  it('are pointed out at the front desk where the same was reported at the same place', async () => {
    const order = await reported('道闸坏了');
    const screen = await world.screen('community-worker', desk);
    await screen.goto('/desk/front-desk');
    await screen.page.locator('#call-place').pressSequentially('东大门');
    await screen.page.getByRole('option', { name: /东大门/ }).click();
    await screen.page.locator('#call-category').pressSequentially('道闸');
    await screen.page.getByRole('option', { name: /道闸/ }).click();
    await screen.page.getByRole('listitem').filter({ hasText: order.number }).getByText('同一地点').waitFor();
    screen.clean();
  });

  it('change once where a step is clicked twice, and a second window that saw the state before is told', async () => {
    const order = await reported('路灯不亮', 'power.common_light');
    const [one, two] = [await world.screen('manager', desk), await world.screen('manager', desk)];
    await Promise.all([one.goto(`/desk/orders/${order.id}`), two.goto(`/desk/orders/${order.id}`)]);
    await two.page.route('**/work-orders/stream', (route) => route.abort());
    await step(two, '立案');
    await step(one, '立案');
    await one.page.getByRole('dialog').getByRole('button', { name: '立案', exact: true }).dblclick();
    await said(one, '已办理：立案');
    const version = (await read(order.id) as Order & { version: number }).version;
    await confirm(two, '立案');
    await two.page.getByRole('alert').waitFor();
    expect((await read(order.id) as Order & { version: number }).version).toBe(version);
    const events = await (await world.api('community')).get<{ step: string }[]>(`/work-orders/${order.id}/events`);
    expect(events.filter((e) => e.step === 'accept')).toHaveLength(1);
    one.clean();
  });

  it('are accepted several at once, each with its own result', async () => {
    const [first, second] = [await reported('批量甲', 'cleaning.rubbish'), await reported('批量乙', 'cleaning.common')];
    const screen = await world.screen('manager', desk);
    await screen.goto('/desk/orders');
    for (const o of [first, second]) await screen.page.getByLabel(`选择工单 ${o.number}`).check();
    await (await world.api('manager')).post(`/work-orders/${first.id}/accept`);
    await screen.page.getByRole('button', { name: '立案', exact: true }).click();
    await screen.page.getByRole('button', { name: '对 2 件执行' }).click();
    await screen.page.getByRole('dialog').getByRole('status').filter({ hasText: /完成 \d 件/ }).waitFor();
    const results = await screen.page.getByRole('dialog').getByRole('listitem').allTextContents();
    expect(results.find((r) => r.includes(second.number))).toContain('已完成');
    expect((await read(second.id)).state).toBe('accepted');
    await screen.page.getByRole('button', { name: '关闭并刷新' }).click();
    screen.clean();
  });

  it('never show rows that belong to an earlier question', async () => {
    const order = await reported('慢的问题');
    const screen = await world.screen('manager', desk);
    await screen.goto('/desk/orders');
    await screen.page.route('**/api/v1/work-orders?*q=%E6%85%A2*', async (route) => {
      await new Promise((wait) => setTimeout(wait, 1500));
      await route.continue().catch(() => undefined); // the page gave the question up
    });
    const search = screen.page.locator('#order-search');
    await search.fill('慢的问题');
    await search.press('Enter');
    await search.fill('没有这样的工单');
    await search.press('Enter');
    await said(screen, '没有符合条件的工单');
    await screen.page.waitForTimeout(2000);
    expect(await screen.page.getByText(order.number).count()).toBe(0);
    screen.clean();
  });

  it('show hostile words as words', async () => {
    const title = '<img src=x onerror=alert(1)> "\'; DROP TABLE -- ‮反转 {{7*7}}';
    const order = await reported(title.slice(0, 100));
    const screen = await world.screen('manager', desk);
    let asked = false;
    screen.page.on('dialog', (d) => { asked = true; void d.dismiss(); });
    await screen.goto(`/desk/orders/${order.id}`);
    await said(screen, '<img src=x onerror=alert(1)>');
    await step(screen, '立案');
    await confirm(screen, '立案');
    await said(screen, '已办理：立案');
    await screen.page.getByLabel('写消息').fill('<script>alert(2)</script> 𠮷 😀 ' + '长'.repeat(300));
    await screen.page.getByRole('button', { name: '发送' }).click();
    await said(screen, '<script>alert(2)</script> 𠮷 😀');
    expect(asked).toBe(false);
    await screen.fits();
    screen.clean();
  });

  it('move by keys: down, open, a step, next, and the help', async () => {
    await reported('键盘一');
    await reported('键盘二');
    const screen = await world.screen('manager', desk);
    await screen.goto('/desk/orders');
    await screen.page.keyboard.press('?');
    await screen.page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
    await screen.page.keyboard.press('Escape');
    await screen.page.getByRole('dialog', { name: '键盘快捷键' }).waitFor({ state: 'hidden' });
    await screen.page.keyboard.press('Enter');
    await screen.page.getByRole('heading', { name: '键盘二' }).waitFor();
    const focused = () => screen.page.evaluate(() => `${document.activeElement?.getAttribute('type')} ${document.activeElement?.textContent?.trim()}`);
    await screen.page.getByRole('button', { name: /^立案/ }).focus();
    await screen.page.keyboard.press('Enter');
    await expect.poll(focused, { message: 'a dialog without fields begins at its answer' }).toMatch(/^submit 立案/);
    await screen.page.keyboard.press('Enter');
    await expect.poll(focused, { message: 'the step that was taken hands the focus to the next' }).toMatch(/^button 派单/);
    await screen.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await screen.page.keyboard.press('j');
    await screen.page.getByRole('heading', { name: '键盘一' }).waitFor();
    await screen.page.goBack();
    await screen.page.getByRole('heading', { name: '键盘一' }).waitFor({ state: 'hidden' });
    await screen.page.keyboard.press('/');
    await screen.page.waitForFunction(() => document.activeElement?.id === 'order-search');
    screen.clean();
  });

  it('are published as a month that is over, once, and revised only where something differs', async () => {
    const street = await world.api('street-office');
    const months = async () => (await street.get<{ items: { month: string; revision: number }[] }>('/reports/snapshots')).items;
    const before = await months();
    const earliest = before.map((s) => s.month).sort()[0] ?? '2026-01';
    const month = new Date(Date.parse(`${earliest}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 7);
    const screen = await world.screen('street-office', desk);
    await screen.goto('/desk/rates?tab=published');
    const publish = async () => {
      await screen.page.getByRole('button', { name: '发布月份' }).click();
      await screen.page.locator('#publish-month').fill(month);
      await confirm(screen, '确认发布');
    };
    await publish();
    await screen.page.locator('.el-dialog').waitFor({ state: 'hidden' });
    await screen.page.getByRole('heading', { name: new RegExp(`${month.slice(0, 4)}年${Number(month.slice(5))}月`) }).waitFor();
    expect(await months()).toHaveLength(before.length + 1);

    await publish();
    await screen.page.locator('.el-dialog').getByRole('alert').filter({ hasText: '已发布' }).waitFor();
    await screen.page.locator('.el-dialog').getByRole('button', { name: '取消' }).click();
    await screen.page.locator('.el-dialog').waitFor({ state: 'hidden' });
    await screen.page.getByRole('button', { name: '发布更正' }).click();
    await screen.page.locator('#publish-reason').fill('短');
    await confirm(screen, '确认发布');
    await said(screen, '至少 5 个字');
    await screen.page.locator('#publish-reason').fill('核对后重新计算');
    await confirm(screen, '确认发布');
    await screen.page.locator('.el-dialog').getByRole('alert').filter({ hasText: '没有差别' }).waitFor();
    expect(await months()).toHaveLength(before.length + 1);
    screen.clean();

    const manager = await world.screen('manager', desk);
    await manager.goto('/desk/rates');
    await manager.page.getByRole('tab', { name: '已发布' }).waitFor();
    expect(await manager.page.getByRole('tab', { name: '实时测算' }).count()).toBe(0);
    expect(await manager.page.getByRole('button', { name: '发布月份' }).count()).toBe(0);
    manager.clean();
  });
});
