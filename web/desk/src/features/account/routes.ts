import type { RouteRecordRaw } from 'vue-router';

/** Reached from the person's own menu in the header, not from the navigation. */
export const routes: RouteRecordRaw[] = [
  { path: '/account', name: 'account', component: () => import('./pages/AccountPage.vue'), meta: { title: 'account.title' } },
];
