import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/unsent', name: 'unsent', component: () => import('./pages/UnsentPage.vue'), meta: { title: 'offline.unsent.title' } },
  { path: '/offline', name: 'offline', component: () => import('./pages/OfflinePage.vue'), meta: { title: 'offline.title', public: true, bare: true } },
];
