import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

export const routes: RouteRecordRaw[] = [{ path: '/', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { title: 'home.title' } }];

export const navigation: Entry[] = [{ to: '/', label: 'home.tab', icon: 'wap-home-o', order: 10 }];
