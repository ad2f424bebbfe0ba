import { afterEach, describe, expect, it } from 'vitest';

import { day, running, type Contract } from './contracts.ts';
import { publicArea } from './desk-orders.ts';
import type { Screen } from './harness/screen.ts';
import { useWorld, type Who } from './harness/world.ts';

const world = useWorld();
afterEach(() => world.closeWindows());

const desk = { viewport: 'desktop' } as const;
const said = (s: Screen, text: string) => s.page.getByText(text).first().waitFor();
const press = (s: Screen, name: string) => s.page.getByRole('region', { name: '可以办理' }).getByRole('button', { name, exact: true }).click();
const confirm = (s: Screen, name: string) => s.page.locator('.el-dialog').getByRole('button', { name, exact: true }).click();
const read = async (id: string, who: Who = 'street-office') => (await world.api(who)).get<Contract & { events?: unknown }>(`/contracts/${id}`);
const pdf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${name}\n%%EOF\n`) });

async function open(who: Who, id: string): Promise<Screen> {
  const screen = await world.screen(who, desk);
  await screen.goto(`/desk/contracts/${id}`);
  return screen;
}
/** Takes a step that asks nothing, and waits for the page to say so. */
async function step(screen: Screen, name: string): Promise<void> {
  await press(screen, name);
  await confirm(screen, name);
  await said(screen, `已办理：${name}`);
}

// Before the contract ends below: afterwards orders of the place go to the community.
describe('several orders at once', () => {
  it('are accepted once each through a lost answer', async () => {
    const owner = await world.api('owner');
    const where = { publicAreaId: await publicArea(world, '东大门') };
    const made = [];
    for (const title of ['一号', '二号']) made.push((await owner.post<{ order: { id: string; number: string } }>('/work-orders', { where, category: 'cleaning.rubbish', title })).order);
    const screen = await world.screen('manager', desk);
    await screen.goto('/desk/orders');
    for (const o of made) await screen.page.getByLabel(`选择工单 ${o.number}`).check();
    let sent = 0;
    await screen.page.route('**/api/v1/work-orders/bulk', async (route) => {
      if (++sent > 1) return route.continue();
      await route.fetch(); // it arrives, and its answer is lost
      return route.abort();
    });
    await screen.page.getByRole('button', { name: '立案', exact: true }).click();
    await screen.page.getByRole('button', { name: '对 2 件执行' }).click();
    await said(screen, '结果未知，可放心重试，不会重复');
    await screen.page.getByRole('button', { name: '重试未完成的' }).click();
    await said(screen, '完成 2 件，未完成 0 件');
    expect(sent).toBe(2);
    for (const o of made) {
      const events = await (await world.api('community')).get<{ step: string }[]>(`/work-orders/${o.id}/events`);
      expect(events.filter((e) => e.step === 'accept')).toHaveLength(1);
    }
  });
});

describe('a contract', () => {
  it('is drafted by the company, decided and signed, brought into force by the street, ended and handed over', async () => {
    const now = await running(world);
    const manager = await world.screen('manager', desk);
    await manager.goto('/desk/contracts/new');
    const page = manager.page;
    await page.getByLabel('合同编号').fill('NH-2027-001 <b>𠮷😀</b>');
    await page.getByLabel('业主一方').fill('宁海花园');
    await page.getByRole('option', { name: /宁海花园业主委员会/ }).click();
    await page.getByLabel('开始日期').fill(day(0));
    await page.getByLabel(/届满日期/).fill(day(729));
    await page.getByLabel('单价').fill('1.155');
    await page.getByLabel('服务事项').fill('公共区域保洁');
    await page.getByLabel('做到什么程度、多久一次').fill("每日清扫；'; DROP TABLE contract; --");
    await page.getByRole('button', { name: '全部事项，紧急' }).click();
    await page.getByLabel('到场', { exact: true }).fill('30');
    await said(manager, '30 分钟内到场');
    await confirm(manager, '确定');
    await page.getByRole('button', { name: '保存草案' }).click();
    await said(manager, '请填写金额，最多两位小数'); // three decimals are no price, and nothing that was typed is lost
    await page.getByLabel('单价').fill('1.15');
    await page.getByRole('button', { name: '保存草案' }).dblclick();
    await page.waitForURL(/\/contracts\/[0-9a-f-]{36}$/);
    const id = page.url().slice(-36);
    const draft = await (await world.api('manager')).get<{ terms: { fees: { fen: number }[]; sla: unknown[] }; number: string }>(`/contracts/${id}`);
    expect(draft).toMatchObject({ number: 'NH-2027-001 <b>𠮷😀</b>', terms: { fees: [{ fen: 115 }], sla: [{ severity: 'urgent', arriveMin: 30, clock: 'natural' }] } });
    expect((await (await world.api('manager')).get<{ items: Contract[] }>('/contracts?state=draft')).items).toHaveLength(1);
    await page.getByText('其他事项为什么不能办').click();
    await said(manager, '要先登记业主共同决定。');

    const committee = await open('committee', id);
    await committee.page.locator('input[type=file]').setInputFiles(pdf('业主大会会议纪要.pdf'));
    await said(committee, '文件已添加');
    await press(committee, '登记业主共同决定');
    const dialog = committee.page.locator('.el-dialog');
    for (const [label, value] of [['全体业主的专有面积', '6000'], ['全体业主人数', '60'], ['参与表决的面积', '4000'], ['参与表决的人数', '40'], ['同意的面积', '2000'], ['同意的人数', '21']] as const) await dialog.getByLabel(label, { exact: true }).fill(value);
    await dialog.getByText('未达到', { exact: true }).waitFor(); // exactly half agrees: not more than half
    await dialog.getByLabel('同意的面积').fill('2000.01');
    await dialog.getByText('未达到', { exact: true }).waitFor({ state: 'detached' });
    await confirm(committee, '登记业主共同决定');
    await said(committee, '已办理：登记业主共同决定');
    await step(committee, '签署');
    await manager.goto(`/desk/contracts/${id}`);
    await step(manager, '签署');
    expect((await read(id)).state).toBe('signed');
    committee.clean();

    const street = await open('street-office', id);
    await step(street, '登记生效');
    expect((await read(id)).state).toBe('in_force');
    expect((await read(now.id)).state).toBe('renewed');
    await street.goto(`/desk/arrangements?area=${now.serviceAreaId}`);
    await said(street, '按合同服务');
    await street.goto(`/desk/contracts/${id}`);
    await street.page.locator('input[type=file]').setInputFiles(pdf('解除协议.pdf'));
    await said(street, '文件已添加');
    await press(street, '登记终止');
    await street.page.locator('.el-dialog').getByRole('combobox', { name: '证明文件' }).click();
    await street.page.getByRole('option', { name: '解除协议.pdf' }).click();
    await confirm(street, '登记终止');
    await said(street, '已办理：登记终止');
    await handOver(id, manager, street);
    manager.clean();
    street.clean();
  });

  /** The outgoing company hands over, the community confirms, the street takes over with a reason for what stays open. */
  async function handOver(id: string, manager: Screen, street: Screen): Promise<void> {
    await manager.goto(`/desk/contracts/${id}`);
    await manager.page.getByRole('button', { name: '移交: 钥匙、门禁和系统账号', exact: true }).click();
    await manager.page.getByLabel('移交了什么').fill('门禁卡 30 张。');
    await confirm(manager, '移交');
    await said(manager, '已移交，待确认');
    expect(await manager.page.getByRole('button', { name: /^确认收到/ }).count()).toBe(0);
    const community = await open('community', id);
    await community.page.getByRole('button', { name: '确认收到: 钥匙、门禁和系统账号' }).click();
    await confirm(community, '确认收到');
    await said(community, '已确认 1 / 8 项');
    await said(community, '还不能完成接管');
    community.clean();
    await street.goto(`/desk/contracts/${id}`);
    await street.page.getByRole('button', { name: '完成接管' }).click();
    await street.page.getByLabel('为什么在未全部确认时登记接管').fill('公司拒不配合其余各项。');
    await confirm(street, '完成接管');
    await said(street, '已办理：完成接管');
    expect((await read(id)).state).toBe('closed');
  }
});

describe('a ticket of another app', () => {
  it('lets a resident in once, leaves the address bar, and does not speak for the household', async () => {
    const office = await world.api('street-office');
    const { secret } = await office.post<{ secret: string }>('/account/tokens', { name: '街道小程序', scopes: ['login.ticket'], expiresAt: new Date(Date.now() + 86_400_000).toISOString() });
    const ask = async () => {
      const answer = await fetch(`${world.url}/api/v1/login-tickets`, { method: 'POST', headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' }, body: JSON.stringify({ phone: '19900000011', audience: world.url }) });
      expect(answer.status).toBe(201);
      return ((await answer.json()) as { url: string }).url;
    };
    const url = await ask();
    const phone = await world.screen('nobody');
    await phone.page.goto(`${url}&to=/books`);
    await phone.page.waitForURL('**/books');
    await said(phone, '谁在管理');
    const left = await phone.page.evaluate(() => JSON.stringify([globalThis.location.href, globalThis.history.state]));
    expect(left).not.toContain('ticket');
    const own = await phone.page.evaluate(async () => (await (await fetch('/api/v1/account/sessions')).json()) as { how: string }[]);
    expect(own.some((s) => s.how === 'ticket')).toBe(true);
    expect(await phone.page.evaluate(async () => (await fetch('/api/v1/account/data')).status)).toBe(403);

    await phone.visit('/', 'enter/home'); // whole, without what the log-in may not ask for
    await phone.page.getByRole('heading', { name: '等您处理' }).waitFor();
    await said(phone, '您是从其他应用进入的');
    await phone.visit('/household', 'enter/household');
    await said(phone, '您是从其他应用进入的');
    expect(await phone.page.getByRole('button', { name: /加入另一套房屋|退出|让家人/ }).count()).toBe(0);
    await phone.visit('/me/data', 'enter/data'); // by its address, too
    expect(await phone.page.getByRole('button').allInnerTexts()).toEqual(['', '用验证码登录']);
    await phone.page.getByRole('button', { name: '用验证码登录' }).click();
    await phone.page.waitForURL('**/login?back=/me/data');

    await phone.page.goto(url); // somebody is logged in: asked first; and the ticket is used up
    await phone.page.getByRole('button', { name: '换成那边的账号' }).click();
    await said(phone, '没能进入');
    await said(phone, '链接已失效');
    await phone.check('enter/used');
    await phone.page.getByRole('button', { name: '用验证码登录' }).click();
    await phone.page.waitForURL('**/login');
  });
});
