import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [{ path: '/news', name: 'news', component: () => import('./pages/NewsPage.vue'), meta: { title: 'news.title' } }];
