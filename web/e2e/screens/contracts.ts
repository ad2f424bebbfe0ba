import { decided, draft, ended, running } from '../contracts.ts';
import type { Place } from '../harness/place.ts';

export default [
  { app: 'desk', name: 'contracts/list', path: '/contracts', as: 'street-office' },
  { app: 'desk', name: 'contracts/running', path: async (world) => `/contracts/${(await running(world)).id}`, as: 'community' },
  { app: 'desk', name: 'contracts/draft', path: async (world) => `/contracts/${(await decided(world, 'NH-2027-011')).id}`, as: 'committee' },
  { app: 'desk', name: 'contracts/edit', path: async (world) => `/contracts/${(await draft(world, 'NH-2027-012')).id}/edit`, as: 'manager', before: async (s) => { await s.page.getByRole('button', { name: /^(保存草案|Save the draft)$/ }).waitFor(); } },
  { app: 'desk', name: 'contracts/times', path: async (world) => `/contracts/${(await draft(world, 'NH-2027-013')).id}/edit`, as: 'manager', before: async (s) => { await s.page.getByRole('button', { name: /^(全部事项，紧急|All matters, Urgent)/ }).click(); } },
  { app: 'desk', name: 'contracts/decision', path: async (world) => `/contracts/${(await draft(world, 'NH-2027-014')).id}`, as: 'committee', before: async (s) => { await s.page.getByRole('button', { name: /^(登记业主共同决定|Record the owners' decision)$/ }).click(); } },
  { app: 'desk', name: 'contracts/deadlines', path: '/contract-deadlines', as: 'street-office' },
  { app: 'desk', name: 'contracts/handover', path: async (world) => `/contracts/${(await ended(world)).id}`, as: 'manager' },
  { app: 'desk', name: 'contracts/history', path: '/arrangements', as: 'street-office' },
  { app: 'desk', name: 'contracts/arrange', path: '/arrangements', as: 'street-office', before: async (s) => { await s.page.getByRole('button', { name: /^(登记管理安排|Record an arrangement)$/ }).click(); } },
] satisfies Place[];
