import { Brush, Coin, DataLine, List } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['renovation.read'];
const fund = ['fund.read'];
const compare = ['renovation.compare'];
const manage = ['renovation.manage'];

export const routes: RouteRecordRaw[] = [
  { path: '/renovations', name: 'renovations', component: () => import('./pages/RenovationsPage.vue'), meta: { title: 'renovation.title', any } },
  { path: '/renovations/new', name: 'renovation-new', component: () => import('./pages/OutlinePage.vue'), meta: { title: 'renovation.outline.new', any: manage } },
  { path: '/renovations/:id', name: 'renovation', component: () => import('./pages/RenovationPage.vue'), props: true, meta: { title: 'renovation.title', any } },
  { path: '/renovations/:id/edit', name: 'renovation-edit', component: () => import('./pages/OutlinePage.vue'), props: true, meta: { title: 'renovation.outline.edit', any: manage } },
  { path: '/renovations/:id/plan', name: 'renovation-plan', component: () => import('./pages/PlanPage.vue'), props: true, meta: { title: 'renovation.plan.title', any: manage } },
  { path: '/fund-requests', name: 'fund-requests', component: () => import('./pages/FundsPage.vue'), meta: { title: 'renovation.fund.title', any: fund } },
  { path: '/fund-requests/new', name: 'fund-request-new', component: () => import('./pages/FundFormPage.vue'), meta: { title: 'renovation.fund.new', any: ['fund.request'] } },
  { path: '/fund-requests/:id', name: 'fund-request', component: () => import('./pages/FundPage.vue'), props: true, meta: { title: 'renovation.fund.title', any: fund } },
  { path: '/fund-requests/:id/edit', name: 'fund-request-edit', component: () => import('./pages/FundFormPage.vue'), props: true, meta: { title: 'renovation.fund.edit', any: ['fund.request'] } },
  { path: '/renovation-comparison', name: 'renovation-comparison', component: () => import('./pages/ComparePage.vue'), meta: { title: 'renovation.compare.title', any: compare } },
  { path: '/renovation-lists', name: 'renovation-lists', component: () => import('./pages/ListsPage.vue'), meta: { title: 'renovation.lists.title', any: compare } },
];

export const navigation: Entry[] = [
  { to: '/renovations', label: 'renovation.title', icon: Brush, group: 'renovation', order: 10, any },
  { to: '/fund-requests', label: 'renovation.fund.title', icon: Coin, group: 'renovation', order: 20, any: fund },
  { to: '/renovation-comparison', label: 'renovation.compare.title', icon: DataLine, group: 'renovation', order: 30, any: compare },
  { to: '/renovation-lists', label: 'renovation.lists.title', icon: List, group: 'renovation', order: 40, any: compare },
];
