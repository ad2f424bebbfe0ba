import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';

import type { Screen } from './harness/screen.ts';
import { useWorld } from './harness/world.ts';

interface Order { id: string; state: string; title: string; description: string; closedAs?: string; ratings?: { solved: string; satisfied: number }[] }

const world = useWorld();
afterEach(() => world.closeWindows());

const form = '/report/water/home_plumbing';
const send = (screen: Screen) => screen.page.getByRole('button', { name: '提交', exact: true });

/** The orders of the owner's household whose description has these words in it. */
async function ordersSaying(words: string): Promise<Order[]> {
  const page = await (await world.api('owner')).get<{ items: Order[] }>(`/work-orders?limit=50&q=${encodeURIComponent(words)}`);
  return page.items;
}

/** A picture as a camera would give it, drawn by the browser. */
async function picture(screen: Screen): Promise<Buffer> {
  const data = await screen.page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 3000, height: 2000 });
    canvas.getContext('2d')!.fillRect(100, 100, 900, 900);
    return canvas.toDataURL('image/png');
  });
  return Buffer.from(data.split(',')[1]!, 'base64');
}

describe('a resident', () => {
  it('reports with a photo, follows, says that it is solved and rates it', async () => {
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto('/');
    await page.getByRole('button', { name: '知道了' }).click();
    await page.getByRole('link', { name: /报事报修 漏水/ }).click();
    await page.getByLabel('哪里出了问题').fill('shuiguan');
    await page.getByRole('link', { name: '户内水管、龙头、马桶' }).click();
    await page.getByLabel('情况说明').fill('水龙头关不紧，一直滴水');
    await expect.poll(() => page.getByText('物业合同承诺的时限').count()).toBeGreaterThan(0);
    await page.locator('input[type=file]').setInputFiles({ name: 'IMG_0001.png', mimeType: 'image/png', buffer: await picture(screen) });
    await page.getByAltText('第 1 张照片').waitFor();
    await send(screen).click();
    await page.getByText('照片已发送 1/1').waitFor();
    await screen.check('report/sent');
    await page.getByRole('link', { name: '查看进度' }).or(page.getByRole('button', { name: '查看进度' })).click();

    const [order] = await ordersSaying('水龙头关不紧');
    await page.waitForURL(`**/orders/${order!.id}`);
    await page.getByRole('button', { name: '撤回这次上报' }).waitFor();
    const [manager, worker] = [await world.api('manager'), await world.api('worker')];
    const { person } = await worker.get<{ person: string }>('/account');
    await manager.post(`/work-orders/${order!.id}/accept`);
    await manager.post(`/work-orders/${order!.id}/dispatch`, { assigneeId: person });
    await worker.post(`/work-orders/${order!.id}/arrive`);
    await worker.post(`/work-orders/${order!.id}/contact`, { reason: 'visit' });
    await worker.post(`/work-orders/${order!.id}/resolve`, { text: '更换了阀芯，已试水。' });
    await page.reload();
    await page.getByText('物业工作人员查看了您的联系方式').first().waitFor();
    await page.getByLabel('给处理单位留言').fill('谢谢，下午看看');
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByText('谢谢，下午看看').waitFor();
    await page.getByRole('button', { name: '已解决', exact: true }).click();
    await page.getByText('很满意', { exact: true }).click();
    await page.getByRole('button', { name: '确认已解决并评价' }).click();
    await page.getByText('这件事已办结').waitFor();

    const kept = await (await world.api('owner')).get<Order>(`/work-orders/${order!.id}`);
    expect(kept).toMatchObject({ state: 'closed', closedAs: 'confirmed', ratings: [{ solved: 'yes', satisfied: 5 }] });
    const photos = await (await world.api('owner')).get<{ width: number; mediaType: string }[]>(`/work-orders/${order!.id}/photos`);
    expect(photos).toMatchObject([{ width: 1600, mediaType: 'image/jpeg' }]);
    screen.clean();
  });

  it('says what is not solved, and it goes back to work with the words', async () => {
    const [owner, manager, worker] = [await world.api('owner'), await world.api('manager'), await world.api('worker')];
    const { capacities } = await owner.get<{ capacities: { unit: string }[] }>('/account');
    const { order } = await owner.post<{ order: Order }>('/work-orders', { category: 'water.home_plumbing', where: { unitId: capacities[0]!.unit } });
    await manager.post(`/work-orders/${order.id}/accept`);
    await manager.post(`/work-orders/${order.id}/dispatch`, { assigneeId: (await worker.get<{ person: string }>('/account')).person });
    await worker.post(`/work-orders/${order.id}/arrive`);
    await worker.post(`/work-orders/${order.id}/resolve`, { text: '修好了' });
    const screen = await world.screen('owner');
    await screen.goto(`/orders/${order.id}`);
    await screen.page.getByRole('button', { name: '没有解决' }).click();
    await screen.page.getByRole('button', { name: '退回继续处理' }).click();
    await screen.page.getByText('请填写').waitFor();
    await screen.page.getByLabel('请说明情况').fill('还在滴');
    await screen.check('orders/dispute');
    await screen.page.getByRole('button', { name: '退回继续处理' }).click();
    await screen.page.getByText('反馈没有解决，继续处理').waitFor();
    expect((await owner.get<Order>(`/work-orders/${order.id}`)).state).toBe('in_progress');
  });

  it('learns what happens at the estate: a repair in the common parts, without a word of the neighbour who reported it', async () => {
    const neighbour = await world.api('neighbour');
    const { capacities } = await neighbour.get<{ capacities: { unit?: string }[] }>('/account');
    const { serviceAreaId } = await neighbour.get<{ serviceAreaId: string }>(`/units/${capacities.find((c) => c.unit)!.unit}`);
    await (await world.api('owner')).post('/work-orders', { category: 'access.barrier', title: '杆子砸车', where: { serviceAreaId, detail: '101门口' }, description: '我是101的' });
    const screen = await world.screen('neighbour');
    const { page } = screen;
    await screen.goto('/');
    const news = page.locator('section', { has: page.getByRole('heading', { name: '小区动态' }) });
    await news.getByText('车辆道闸故障').waitFor();
    await news.getByRole('link', { name: '全部动态' }).click();
    await page.getByRole('heading', { name: '小区动态', level: 1 }).waitFor();
    const rows = page.getByRole('listitem');
    await rows.filter({ hasText: '车辆道闸故障' }).getByText('已报来，等待受理').waitFor();
    await page.getByRole('button', { name: '加载更多' }).click();
    await expect.poll(() => rows.count()).toBeGreaterThan(20);
    expect(await page.getByText(/杆子砸车|101门口|101的/).count(), 'only what is broken, and by its name').toBe(0);
    screen.clean();
  });
});

describe('a report', () => {
  it('whose answer was lost is kept, goes out by itself when the network is back, and is one', async () => {
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto(form);
    await page.getByLabel('情况说明').fill('断网时的报修');
    let reached = 0;
    await page.route('**/api/v1/work-orders', async (route) => {
      if (route.request().method() !== 'POST' || reached > 0) return route.continue();
      reached++;
      await route.fetch(); // the server has it …
      return route.abort('internetdisconnected'); // … and the phone never hears of it
    });
    await send(screen).click();
    await page.getByText('已存在手机里，还没有发出').waitFor();
    await screen.goto('/unsent'); // the page is closed and opened again
    await page.getByText('断网时的报修').waitFor();
    await page.evaluate(() => globalThis.dispatchEvent(new Event('online')));
    await page.getByText(/已送达，编号/).waitFor();
    await page.getByRole('button', { name: '知道了' }).click();
    await page.getByText('都发出去了').waitFor();
    expect(await ordersSaying('断网时的报修')).toHaveLength(1);
    screen.forgive();
  });

  it('is talked about without a network: the message shows as not sent, survives the page, and is one; what is half typed is there again', async () => {
    const owner = await world.api('owner');
    const { capacities } = await owner.get<{ capacities: { unit: string }[] }>('/account');
    const { order } = await owner.post<{ order: Order }>('/work-orders', { category: 'water.home_plumbing', where: { unitId: capacities[0]!.unit } });
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto('/orders');
    const row = page.locator(`a[href="/orders/${order.id}"]`);
    await row.click();
    const field = page.getByLabel('给处理单位留言');
    await field.fill('下午再来');
    await screen.settled();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '返回' }).click();
    await page.getByText(/没有连上服务器。这是 .* 存下的内容/).waitFor();
    await row.click(); // list and order are read without a network
    await page.getByText(/没有连上服务器/).waitFor();
    expect(await field.inputValue()).toBe('下午再来');
    await page.getByRole('button', { name: '撤回这次上报' }).click();
    await page.getByRole('button', { name: '确认撤回' }).click();
    await page.getByRole('dialog').getByText('请检查网络').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await page.getByRole('button', { name: '发送', exact: true }).click();
    await page.locator('li', { hasText: '还没有发出' }).getByText('下午再来').waitFor();
    await page.context().setOffline(false);
    await page.reload();
    await page.getByText('还没有发出').waitFor({ state: 'detached' });
    await page.locator('.bubble', { hasText: '下午再来' }).waitFor();
    await field.fill('写到一半');
    await page.getByRole('button', { name: '返回' }).click();
    await row.click();
    await field.waitFor();
    expect(await field.inputValue()).toBe('写到一半');
    await expect.poll(async () => (await owner.get<{ items: unknown[] }>(`/work-orders/${order.id}/messages`)).items.length).toBe(1);
    screen.forgive();
  });

  it('is one however often the button is pressed', async () => {
    const screen = await world.screen('owner');
    await screen.goto(form);
    await screen.page.getByLabel('情况说明').fill('连点两次');
    await screen.page.locator('button[type=submit]').evaluate((button: HTMLButtonElement) => {
      for (let n = 0; n < 5; n++) button.click();
    });
    await screen.page.getByText('已提交', { exact: true }).waitFor();
    expect(await ordersSaying('连点两次')).toHaveLength(1);
  });

  it('goes on after a log-in that ended, with what was typed', async () => {
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto(form);
    await page.getByLabel('情况说明').fill('登录过期前写的');
    await page.context().clearCookies();
    await send(screen).click();
    const dialog = page.getByRole('dialog', { name: '请重新登录' });
    expect(await dialog.getByLabel('用户名或手机号').inputValue(), 'who it was is known').toBe('owner');
    await dialog.getByLabel('密码', { exact: true }).fill(world.password('owner'));
    await dialog.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('已提交', { exact: true }).waitFor();
    expect(await ordersSaying('登录过期前写的')).toHaveLength(1);
  });

  it('shows hostile words as words, everywhere', async () => {
    const hostile = `<img src=x onerror="document.title=1">'; DROP TABLE work_order; -- {{7*7}} \${7*7} \u202Eتجربة 𠮷😀 ＜script＞ ด${'้็'.repeat(40)}`;
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto(form);
    await page.getByLabel('具体位置').fill('<b>厨房</b>');
    await page.getByLabel('情况说明').fill(`${hostile}\n第二行`);
    await send(screen).click();
    await page.getByRole('button', { name: '查看进度' }).or(page.getByRole('link', { name: '查看进度' })).click();
    await page.getByText('第二行').waitFor();
    await page.getByLabel('给处理单位留言').fill(hostile);
    await page.getByRole('button', { name: '发送' }).click();
    await page.locator('.bubble', { hasText: '𠮷😀' }).waitFor();
    expect(await page.locator('.bubble').first().textContent()).toBe(hostile);
    await screen.turn({ viewport: 'narrow', text: 'large' });
    await screen.check('orders/hostile');
    expect(await page.title()).toContain('工单');
    expect(await page.locator('.user-text b, .user-text img').count()).toBe(0);
    expect((await ordersSaying('第二行'))[0]!.description).toContain('<img src=x');
  });
});

describe('a hazard without a name', () => {
  it('is followed, and answered, by its link alone', async () => {
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto('/hazard');
    await page.getByRole('button', { name: '开始上报' }).or(page.getByRole('link', { name: '开始上报' })).click();
    await page.getByRole('button', { name: '房屋共用部位' }).click();
    await page.getByRole('link', { name: /井盖缺失/ }).click();
    expect(await page.locator('input[type=file]').count()).toBe(0);
    expect(await page.getByText('我家（').count()).toBe(0);
    await send(screen).click();
    await page.getByText('请选择地方').waitFor();
    await page.getByText('小区其他地方').click();
    await page.getByLabel('情况说明').fill('井盖不见了');
    await send(screen).click();
    const link = await page.locator('.link').textContent();
    await screen.check('report/unnamed');

    const stranger = await world.screen('nobody');
    await stranger.goto(new URL(link!.trim()).pathname);
    await stranger.page.getByRole('heading', { name: /井盖缺失/ }).waitFor();
    await stranger.page.getByLabel('给处理单位留言').fill('在1号楼东侧');
    await stranger.page.getByRole('button', { name: '发送' }).click();
    await stranger.page.getByText('在1号楼东侧').waitFor();
    await stranger.check('follow/written');
    expect(await ordersSaying('井盖不见了')).toHaveLength(0);
  });
});

describe('a household', () => {
  it('is joined with the code of the printed link, once', async () => {
    const community = await world.api('community-worker');
    const neighbour = await world.api('neighbour');
    const { capacities } = await (await world.api('owner')).get<{ capacities: { unit: string }[] }>('/account');
    const made = await community.post<{ slips: { code: string; link: string }[] }>(`/units/${capacities[0]!.unit}/join-code`);
    const { code, link } = made.slips[0]!;
    const screen = await world.screen('neighbour');
    const { page } = screen;
    await screen.goto(link);
    expect(await page.getByLabel('入户验证码').inputValue()).toBe(code.replaceAll('-', ''));
    await page.getByText('使用人（家人、租户）').click();
    await page.getByRole('button', { name: '加入', exact: true }).click();
    await page.waitForURL('**/household');
    const account = await neighbour.get<{ capacities: { unit: string }[] }>('/account');
    expect(account.capacities.map((c) => c.unit)).toContain(capacities[0]!.unit);

    await screen.goto('/join');
    await page.getByLabel('入户验证码').fill(code);
    await page.getByText('使用人（家人、租户）').click();
    await page.getByRole('button', { name: '加入', exact: true }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByLabel('入户验证码').inputValue()).toBe(code);

    // Two homes now: the start page shows which, and leads to the other.
    await screen.goto('/');
    await page.getByRole('button', { name: /切换房屋/ }).click();
    await screen.check('home/homes');
  });
});

/** Logs in by the code that was sent to the phone. */
async function logInBy(phone: string, page: Page): Promise<void> {
  await page.goto('/');
  await page.getByLabel('手机号').fill(phone);
  await page.getByRole('button', { name: '获取验证码' }).click();
  const code = async () => (await readFile(join(world.folder, 'log.txt'), 'utf8')).match(new RegExp(`phone=${phone} code=(\\d{6})`))?.[1] ?? '';
  await expect.poll(code, { interval: 50 }).not.toBe('');
  await page.getByLabel('验证码', { exact: true }).fill(await code());
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.waitForURL((url) => url.pathname === '/');
}

describe('a newcomer', () => {
  it('joins with a code and says their name, and the phone knows their number, masked, until they take it away', async () => {
    const community = await world.api('community-worker');
    const unit = (await (await world.api('owner')).get<{ capacities: { unit: string }[] }>('/account')).capacities[0]!.unit;
    const { slips } = await community.post<{ slips: { link: string }[] }>(`/units/${unit}/join-code`);
    const screen = await world.screen('nobody');
    const { page } = screen;
    await logInBy('19900002072', page);
    await screen.goto(slips[0]!.link);
    await page.getByText('使用人（家人、租户）').click();
    await page.getByRole('button', { name: '加入', exact: true }).click();
    await page.getByText('请填写', { exact: true }).waitFor(); // a member without a name nobody could tell from a stranger
    await page.getByLabel('您的姓名').fill('阿芳');
    await screen.check('join/named');
    await page.getByRole('button', { name: '加入', exact: true }).click();
    await page.waitForURL('**/household');
    await page.getByText('阿芳').waitFor();
    const members = await community.get<{ name: string; nameStated?: boolean }[]>(`/units/${unit}/memberships`);
    expect(members.find((m) => m.nameStated)?.name).toBe('阿**');

    await page.context().clearCookies();
    await screen.goto('/login');
    await page.getByText('199****2072').waitFor();
    await screen.check('login/known');
    await page.getByRole('button', { name: '换一个号码' }).click();
    expect(await page.getByLabel('手机号').inputValue()).toBe('');
    await screen.goto('/login');
    await page.getByLabel('手机号').waitFor();
    screen.clean();
  });

  it('logs in with a code, finds their door, applies, sees how it stands, and is at home once the community agrees', async () => {
    const screen = await world.screen('nobody');
    const { page } = screen;
    await logInBy('19900002071', page);
    await page.getByRole('button', { name: '加入房屋' }).click();
    await page.getByRole('link', { name: /找到我的门牌/ }).click();
    await page.getByLabel('小区名称').fill('宁海');
    await page.getByRole('button', { name: '搜索' }).click();
    await page.getByRole('link', { name: /宁海花园一期/ }).click();
    await page.getByRole('link', { name: '3号楼' }).click();
    await page.getByRole('link', { name: '602' }).first().click();
    await page.getByLabel('姓名').fill('新来的');
    await page.getByText('使用人（家人、租户）').click();
    await page.getByRole('button', { name: '提交申请' }).click();
    await page.waitForURL('**/household');
    await screen.goto('/');
    await page.getByText(/等待社区审核/).waitFor();
    await page.getByText(/宁海花园.*3号楼.*602/).waitFor();
    await screen.check('home/applied');

    const community = await world.api('community-worker');
    const { items } = await community.get<{ items: { id: string; number: string; version: number }[] }>('/household-applications');
    const asked = items.find((a) => a.number.includes('602'))!;
    await community.send('POST', `/household-applications/${asked.id}/approve`, {}, { 'If-Match': `"${asked.version}"`, 'Idempotency-Key': crypto.randomUUID() });
    await page.reload();
    await page.getByText('3号楼 1单元 602 · 使用人').waitFor();

    // Who erases their account leaves nothing on the phone that tells who it was.
    await screen.goto(form);
    await page.getByLabel('情况说明').fill('没写完的');
    await page.waitForFunction(() => Object.values(localStorage).some((kept) => String(kept).includes('没写完的')));
    await screen.goto('/me/data');
    await page.getByRole('button', { name: '我要注销' }).click();
    await page.getByLabel(/两个字确认/).fill('注销');
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/login');
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => /report|phone/.test(key)))).toEqual([]);
    screen.clean();
  });
});

describe('the account', () => {
  it('ends other log-ins, and keeps consents and preferences', async () => {
    const screen = await world.screen('tenant');
    const { page } = screen;
    await screen.goto('/me/consents');
    await page.locator('section', { hasText: '短信邀请参加测评' }).getByRole('button', { name: '同意' }).click();
    await page.getByText('已于').waitFor();
    await page.getByRole('button', { name: '撤回同意' }).click();
    await page.getByText('已于').waitFor({ state: 'detached' });
    await screen.goto('/me/notifications');
    await page.getByText('每周一').click();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').waitFor();
    const kept = await (await world.api('tenant')).get<{ digest: string }>('/account/notification-preferences');
    expect(kept.digest).toBe('weekly');
    await screen.goto('/me/log-ins');
    await page.getByText('最近使用').first().waitFor();
    await screen.goto('/me/data');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载' }).click()]);
    expect(file.suggestedFilename()).toBe('my-data.json');
    screen.clean();
  });
});
