import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [{ path: '/follow/:token', name: 'follow', component: () => import('./pages/FollowPage.vue'), props: true, meta: { public: true, title: 'follow.title' } }];
