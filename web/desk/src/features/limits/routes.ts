import { Odometer } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['system.read'];

export const routes: RouteRecordRaw[] = [{ path: '/limits', name: 'limits', component: () => import('./pages/LimitsPage.vue'), meta: { title: 'limits.title', any } }];

export const navigation: Entry[] = [{ to: '/limits', label: 'limits.title', icon: Odometer, group: 'system', order: 20, any }];
