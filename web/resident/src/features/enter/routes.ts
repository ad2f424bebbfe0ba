import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [{ path: '/enter', name: 'enter', component: () => import('./pages/EnterPage.vue'), meta: { public: true, bare: true, title: 'enter.title' } }];
