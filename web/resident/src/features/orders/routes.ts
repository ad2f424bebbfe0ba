import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';
import { householdRoles } from '@/app/roles';

export const routes: RouteRecordRaw[] = [
  { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue'), meta: { title: 'orders.title', home: true } },
  { path: '/orders/:id', name: 'order', component: () => import('./pages/OrderPage.vue'), props: true, meta: { title: 'orders.one' } },
];

export const navigation: Entry[] = [{ to: '/orders', label: 'orders.tab', icon: 'todo-list-o', order: 30, roles: householdRoles }];
