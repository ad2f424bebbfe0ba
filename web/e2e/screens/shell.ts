import type { Place } from '../harness/place.ts';

export default [
  { app: 'resident', name: 'login', path: '/login' },
  { app: 'resident', name: 'login/password', path: '/login', before: async (s) => { await s.page.getByRole('tab').nth(1).click(); await s.page.locator('button[type=submit]:visible').click(); } },
  { app: 'resident', name: 'home', path: '/', as: 'owner' },
  { app: 'resident', name: 'me', path: '/me', as: 'owner' },
  { app: 'resident', name: 'not-found', path: '/nothing/here', as: 'owner' },
  { app: 'resident', name: 'password', path: '/password', as: 'tenant', before: async (s) => { await s.page.locator('#password-new').fill('short'); await s.page.locator('button[type=submit]').click(); } },
  { app: 'desk', name: 'login', path: '/login' },
  { app: 'desk', name: 'password', path: '/password', as: 'committee' },
  { app: 'desk', name: 'home', path: '/', as: 'manager' },
  { app: 'desk', name: 'home/display', path: '/', as: 'street-office', before: async (s) => { await s.page.locator('header .display').click(); } },
  { app: 'desk', name: 'not-found', path: '/nothing/here', as: 'manager' },
] satisfies Place[];
