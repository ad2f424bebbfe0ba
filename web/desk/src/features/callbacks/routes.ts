import { ChatDotRound } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

// Remarks are for who dispatches too: a company reads them in batches.
const any = ['workorder.callback', 'workorder.verify', 'workorder.dispatch'];

export const routes: RouteRecordRaw[] = [{ path: '/callbacks', name: 'callbacks', component: () => import('./pages/CallbacksPage.vue'), meta: { title: 'callbacks.title', any } }];

export const navigation: Entry[] = [{ to: '/callbacks', label: 'callbacks.title', icon: ChatDotRound, group: 'work', order: 30, any }];
