import { TrendCharts } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['report.read'];

export const routes: RouteRecordRaw[] = [{ path: '/rates', name: 'rates', component: () => import('./pages/RatesPage.vue'), meta: { title: 'rates.title', any } }];

export const navigation: Entry[] = [{ to: '/rates', label: 'rates.title', icon: TrendCharts, group: 'oversight', order: 10, any }];
