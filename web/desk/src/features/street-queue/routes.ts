import { Warning } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

// Who sees the street's area, by what only they may do.
const any = ['workorder.pressure', 'workorder.decide'];

export const routes: RouteRecordRaw[] = [{ path: '/street-queue', name: 'street-queue', component: () => import('./pages/StreetQueuePage.vue'), meta: { title: 'street-queue.title', any } }];

export const navigation: Entry[] = [{ to: '/street-queue', label: 'street-queue.title', icon: Warning, group: 'work', order: 40, any }];
