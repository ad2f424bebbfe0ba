import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';
import { fieldRoles } from '@/app/roles';

export const routes: RouteRecordRaw[] = [
  { path: '/jobs', name: 'jobs', component: () => import('./pages/JobsPage.vue'), meta: { title: 'jobs.title' } },
  { path: '/jobs/statements', name: 'job-statements', component: () => import('./pages/StatementsPage.vue'), meta: { title: 'jobs.statements.title' } },
  { path: '/jobs/:id', name: 'job', component: () => import('./pages/JobPage.vue'), props: true, meta: { title: 'jobs.one' } },
];

export const navigation: Entry[] = [{ to: '/jobs', label: 'jobs.tab', icon: 'orders-o', order: 12, roles: fieldRoles }];
