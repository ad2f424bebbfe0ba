import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';
import { householdRoles } from '@/app/roles';

export const routes: RouteRecordRaw[] = [
  { path: '/report', name: 'report', component: () => import('./pages/CategoryPage.vue'), meta: { title: 'report.title' } },
  {
    path: '/report/:group/:name', name: 'report-form', component: () => import('./pages/ReportPage.vue'), meta: { title: 'report.title' },
    props: (route) => ({ category: `${String(route.params['group'])}.${String(route.params['name'])}`, unnamed: route.query['unnamed'] === '1' }),
  },
];

export const navigation: Entry[] = [{ to: '/report', label: 'report.tab', icon: 'edit', order: 20, roles: householdRoles }];
