import { callbackOf, orders } from '../desk-orders.ts';
import type { Place } from '../harness/place.ts';

export default [
  { app: 'desk', name: 'workbench', path: async (world) => { await orders(world); return '/'; }, as: 'manager' },
  { app: 'desk', name: 'workbench/committee', path: '/', as: 'committee' },
  { app: 'desk', name: 'front-desk', path: '/front-desk', as: 'community-worker', before: async (s) => {
    await s.page.locator('#call-place').pressSequentially('3-2-501');
    await s.page.getByRole('option').first().click();
    await s.page.locator('#call-category').pressSequentially('楼道灯');
    await s.page.getByRole('option').first().click();
  } },
  { app: 'desk', name: 'orders/list', path: '/orders?view=all', as: 'community' },
  { app: 'desk', name: 'orders/detail', path: async (world) => `/orders/${(await orders(world)).late}`, as: 'manager' },
  { app: 'desk', name: 'orders/step', path: async (world) => `/orders/${(await orders(world)).late}`, as: 'manager', before: async (s) => { await s.page.getByRole('button', { name: /^(派单|Dispatch)/ }).click(); } },
  { app: 'desk', name: 'orders/print', path: async (world) => `/orders/${(await orders(world)).late}/print`, as: 'manager' },
  { app: 'desk', name: 'callbacks', path: async (world) => { await callbackOf(world); return '/callbacks'; }, as: 'community' },
  { app: 'desk', name: 'callbacks/remarks', path: '/callbacks?tab=remarks', as: 'manager' },
  { app: 'desk', name: 'street-queue', path: '/street-queue', as: 'street-office' },
  { app: 'desk', name: 'statements', path: '/statements', as: 'manager' },
  { app: 'desk', name: 'rates', path: '/rates', as: 'street-office' },
  { app: 'desk', name: 'rates/flags', path: '/rates?tab=flags', as: 'street-party' },
  { app: 'desk', name: 'rates/published', path: '/rates?tab=published', as: 'street-office', before: async (s) => { await s.page.getByRole('button', { name: /^(发布月份|Publish a month)$/ }).click(); } },
] satisfies Place[];
