import { Tickets } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['workorder.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/orders', name: 'orders', component: () => import('./pages/OrdersPage.vue'), meta: { title: 'orders.title', any } },
  { path: '/orders/:id', name: 'order', component: () => import('./pages/OrderPage.vue'), props: true, meta: { title: 'orders.title', any } },
  { path: '/orders/:id/print', name: 'order-print', component: () => import('./pages/OrderPrintPage.vue'), props: true, meta: { title: 'orders.print.doc', any, bare: true } },
];

export const navigation: Entry[] = [{ to: '/orders', label: 'orders.title', icon: Tickets, group: 'work', order: 20, any }];
