import { decided, draft, ended } from '../contracts.ts';
import type { Place } from '../harness/place.ts';

export default [
  { app: 'desk', name: 'contracts/list', path: '/contracts', as: 'street-office' },
  { app: 'desk', name: 'contracts/draft', path: async (world) => `/contracts/${(await decided(world, 'NH-2027-011')).id}`, as: 'committee' },
  { app: 'desk', name: 'contracts/edit', path: async (world) => `/contracts/${(await draft(world, 'NH-2027-013')).id}/edit`, as: 'manager' },
  { app: 'desk', name: 'contracts/deadlines', path: '/contract-deadlines', as: 'street-office' },
  { app: 'desk', name: 'contracts/handover', last: true, path: async (world) => `/contracts/${(await ended(world)).id}`, as: 'manager' },
  { app: 'desk', name: 'contracts/arrange', last: true, path: async (world) => { await ended(world); return '/arrangements'; }, as: 'street-office', before: async (s) => { await s.page.getByRole('button', { name: /^(登记管理安排|Record an arrangement)$/ }).click(); } },
] satisfies Place[];
