import { Timer } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['system.read'];

export const routes: RouteRecordRaw[] = [{ path: '/jobs', name: 'jobs', component: () => import('./pages/JobsPage.vue'), meta: { title: 'jobs.title', any } }];

export const navigation: Entry[] = [{ to: '/jobs', label: 'jobs.title', icon: Timer, group: 'system', order: 10, any }];
