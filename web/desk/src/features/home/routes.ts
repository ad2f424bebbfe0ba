import { House } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

export const routes: RouteRecordRaw[] = [{ path: '/', name: 'home', component: () => import('./pages/HomePage.vue'), meta: { title: 'home.title' } }];

export const navigation: Entry[] = [{ to: '/', label: 'home.title', icon: House, group: 'work', order: 0 }];
