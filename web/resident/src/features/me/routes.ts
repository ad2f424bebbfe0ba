import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

export const routes: RouteRecordRaw[] = [{ path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { title: 'me.title' } }];

export const navigation: Entry[] = [{ to: '/me', label: 'me.tab', icon: 'user-o', order: 90 }];
