import { Umbrella } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['workorder.pressure'];

export const routes: RouteRecordRaw[] = [{ path: '/pressure', name: 'pressure', component: () => import('./pages/PressurePage.vue'), meta: { title: 'pressure.title', any } }];

export const navigation: Entry[] = [{ to: '/pressure', label: 'pressure.title', icon: Umbrella, group: 'oversight', order: 40, any }];
