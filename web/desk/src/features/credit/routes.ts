import { Medal } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['credit.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/credit', name: 'credit', component: () => import('./pages/CompaniesPage.vue'), meta: { title: 'credit.title', any } },
  { path: '/credit/:companyId', name: 'company-credit', component: () => import('./pages/CompanyCreditPage.vue'), props: true, meta: { title: 'credit.title', any } },
];

export const navigation: Entry[] = [{ to: '/credit', label: 'credit.title', icon: Medal, group: 'oversight', order: 40, any }];
