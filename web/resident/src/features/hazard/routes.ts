import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [{ path: '/hazard', name: 'hazard', component: () => import('./pages/HazardPage.vue'), meta: { public: true, title: 'hazard.title' } }];
