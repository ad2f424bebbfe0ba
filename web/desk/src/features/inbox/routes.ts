import type { RouteRecordRaw } from 'vue-router';

/** Reached from the bell in the header. */
export const routes: RouteRecordRaw[] = [{ path: '/inbox', name: 'inbox', component: () => import('./pages/InboxPage.vue'), meta: { title: 'inbox.title' } }];
