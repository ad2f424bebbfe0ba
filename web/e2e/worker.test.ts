import { afterEach, describe, expect, it } from 'vitest';

import type { Screen } from './harness/screen.ts';
import { useWorld } from './harness/world.ts';

interface Order { id: string; state: string; title: string; description: string; version: number }

const world = useWorld();
afterEach(() => world.closeWindows());

/** Waits until the pages are kept on the device and serve this window. */
async function kept(screen: Screen): Promise<void> {
  await screen.page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 30_000 });
}

async function ordersSaying(words: string): Promise<Order[]> {
  return (await (await world.api('owner')).get<{ items: Order[] }>(`/work-orders?limit=50&q=${encodeURIComponent(words)}`)).items;
}

describe('a resident without a network', () => {
  it('opens the pages, reports with a photo, closes everything, and it is sent once when there is a signal', async () => {
    const screen = await world.screen('owner', { kept: true });
    const { page } = screen;
    const context = page.context();
    await screen.goto('/report/water/home_plumbing');
    await page.getByRole('heading', { name: '物业合同承诺的时限' }).waitFor();
    await kept(screen);
    await context.setOffline(true);
    await page.reload();
    await page.getByLabel('情况说明').fill('地下室没有信号时报的');
    await page.getByText('没有网络。').waitFor();
    const picture = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 600 });
      canvas.getContext('2d')!.fillRect(100, 100, 300, 300);
      return canvas.toDataURL('image/png').split(',')[1]!;
    });
    await page.locator('input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') });
    await page.getByAltText('第 1 张照片').waitFor();
    await page.getByRole('button', { name: '提交', exact: true }).click();
    await page.getByText('已存在手机里，还没有发出').waitFor();
    screen.forgive();
    await screen.picture('report/saved');
    await page.close();
    expect(await ordersSaying('地下室没有信号')).toHaveLength(0);

    const again = await context.newPage();
    await again.goto('/unsent');
    await again.getByText('地下室没有信号时报的').waitFor();
    await context.setOffline(false);
    await again.getByText('都发出去了').or(again.getByText('已送达')).first().waitFor();
    await expect.poll(async () => (await ordersSaying('地下室没有信号')).length).toBe(1);
    const [order] = await ordersSaying('地下室没有信号');
    await expect.poll(async () => (await (await world.api('owner')).get<unknown[]>(`/work-orders/${order!.id}/photos`)).length).toBe(1);
  });
});
