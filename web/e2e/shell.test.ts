import { afterEach, describe, expect, it } from 'vitest';

import { useWorld } from './harness/world.ts';

const world = useWorld();
afterEach(() => world.closeWindows());

const logIn = (name: string) => ({ name, password: world.password(name as 'owner') });

describe('logging in', () => {
  it('leads back to the page that was asked for, and the back button does not lead to the log-in', async () => {
    const screen = await world.screen('nobody');
    const { page } = screen;
    await screen.goto('/me?from=link');
    await expect.poll(() => new URL(page.url()).pathname).toBe('/login');
    await page.getByRole('tab', { name: '密码登录' }).click();
    await page.getByLabel('用户名或手机号').fill('owner');
    await page.getByLabel('密码', { exact: true }).fill('not this one');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('用户名或手机号').inputValue(), 'what was typed stays').toBe('owner');
    await page.getByLabel('密码', { exact: true }).fill(logIn('owner').password);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toBe('/me?from=link');
    await screen.goto('/');
    await page.goBack();
    await screen.settled();
    expect(new URL(page.url()).pathname).toBe('/me');
    screen.clean();
  });

  it('never leads to another site', async () => {
    for (const back of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:alert(1)']) {
      const screen = await world.screen('nobody');
      await screen.goto(`/login?back=${encodeURIComponent(back)}`);
      await screen.page.getByRole('button', { name: /沈女士/ }).click();
      await expect.poll(() => screen.page.url(), { message: back }).toBe(`${world.url}/`);
    }
  });

  it('is done by keyboard alone at the desk', async () => {
    const screen = await world.screen('nobody', { viewport: 'desktop' });
    const { page } = screen;
    await screen.goto('/desk/');
    for (let i = 0; i < 20 && (await page.evaluate(() => document.activeElement?.id)) !== 'login-name'; i++) await page.keyboard.press('Tab');
    await page.keyboard.type('manager');
    await page.keyboard.press('Tab');
    await page.keyboard.type(logIn('manager').password);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('link', { name: '跳到正文' }).waitFor();
    screen.clean();
  });

  it('shows where the keyboard is on the phone, and never below a bar', async () => {
    const screen = await world.screen('owner');
    const { page } = screen;
    await screen.goto('/me');
    const at = () => page.evaluate(() => {
      const { activeElement: e } = document;
      const [bottom, bar] = [e!.getBoundingClientRect().bottom, document.querySelector('nav')!];
      return { ring: getComputedStyle(e!).outlineStyle, below: !bar.contains(e) && bottom > bar.getBoundingClientRect().top };
    });
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement instanceof HTMLInputElement)) continue; // its label has the ring
      await expect.poll(at).toEqual({ ring: 'solid', below: false });
    }
  });

  it('takes whose work is at the desk there, and residents to the phone pages', async () => {
    const staff = await world.screen('nobody');
    await staff.goto('/login');
    await staff.page.getByRole('button', { name: /周书记/ }).click();
    await staff.page.waitForURL(`${world.url}/desk/`);
    const resident = await world.screen('nobody', { viewport: 'desktop' });
    await resident.goto('/desk/login');
    await resident.page.getByRole('button', { name: /杨大爷/ }).click();
    await resident.page.waitForURL(`${world.url}/`);
  });
});

describe('a log-in that ends', () => {
  it('is renewed over the page, and the page goes on', async () => {
    const screen = await world.screen('committee', { viewport: 'desktop' });
    await screen.goto('/desk/password');
    const { page } = screen;
    const [old, next] = [world.password('committee'), 'a longer pass phrase'];
    await page.locator('#password-current').fill(old);
    await page.locator('#password-new').fill(next);
    await page.locator('#password-again').fill(next);
    await page.context().clearCookies();
    await page.getByRole('button', { name: '保存新密码' }).click();
    const again = page.getByRole('dialog', { name: '请重新登录' });
    await again.waitFor();
    await screen.check('login/again');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), { message: 'who it was is known: the password is asked' }).toBe('login-password');
    await page.keyboard.press('Escape'); // would leave what is typed on the page
    await page.keyboard.type(old);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${world.url}/desk/`);
    const { status } = await page.request.post('/api/v1/auth/sessions', { data: { login: 'committee', password: next } }).then((r) => ({ status: r.status() }));
    expect(status, 'the password was changed after all').toBe(201);
    screen.clean();
  });
});

describe('two tabs', () => {
  it('are left together, and follow the choice of colours', async () => {
    const first = await world.screen('neighbour');
    await first.goto('/me');
    const second = await first.page.context().newPage();
    await second.goto('/');
    await first.page.getByText('深色', { exact: true }).click();
    await expect.poll(() => second.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await first.page.getByRole('button', { name: '退出登录' }).click();
    await first.page.waitForURL(/\/login/);
    await second.waitForURL(/\/login/);
    first.clean();
  });
});

describe('what is chosen for the eyes', () => {
  it('is kept: language, large text, colours', async () => {
    const screen = await world.screen('nobody');
    const { page } = screen;
    await screen.goto('/login');
    await page.getByRole('button', { name: '大字' }).click();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Log in' }).first().waitFor();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['text']])).toEqual(['en', 'large']);
    await page.goto('/desk/login');
    await screen.settled();
    expect(await page.evaluate(() => document.documentElement.dataset['text'])).toBe('large');
    screen.clean();
  });
});

describe('a server that is away', () => {
  it('is said so, and what was typed stays for another try', async () => {
    const screen = await world.screen('nobody');
    const { page } = screen;
    await screen.goto('/login');
    await page.getByRole('tab', { name: '验证码登录' }).press('ArrowRight'); // the keyboard has no other way there
    await page.getByRole('tab', { name: '密码登录' }).and(page.locator(':focus')).waitFor();
    await page.getByLabel('用户名或手机号').fill('tenant');
    await page.getByLabel('密码', { exact: true }).fill(world.password('tenant'));
    await page.context().setOffline(true);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByRole('alert').getByText('请检查网络').waitFor();
    await page.context().setOffline(false);
    screen.forgive();
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.waitForURL(`${world.url}/`);
    screen.clean();
  });
});
