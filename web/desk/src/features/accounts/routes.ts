import { Lock, View } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['system.manage'];
const staff = ['system.read', 'audit.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/accounts', name: 'accounts', component: () => import('./pages/AccountsPage.vue'), meta: { title: 'accounts.title', any } },
  { path: '/personal-data', name: 'personal-data', component: () => import('./pages/PersonalDataPage.vue'), meta: { title: 'accounts.data.title', any: staff } },
];

export const navigation: Entry[] = [
  { to: '/accounts', label: 'accounts.title', icon: Lock, group: 'system', order: 15, any },
  { to: '/personal-data', label: 'accounts.data.title', icon: View, group: 'system', order: 40, any: staff },
];
