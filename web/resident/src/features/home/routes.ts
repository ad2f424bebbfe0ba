import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

import HomePage from './pages/HomePage.vue'; // where nearly everybody begins: it comes with the first file

export const routes: RouteRecordRaw[] = [{ path: '/', name: 'home', component: HomePage, meta: { title: 'home.title' } }];

export const navigation: Entry[] = [{ to: '/', label: 'home.tab', icon: 'wap-home-o', order: 10 }];
