import { ChatLineSquare } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['feedback.answer'];

export const routes: RouteRecordRaw[] = [{ path: '/platform-feedback', name: 'platform-feedback', component: () => import('./pages/FeedbackPage.vue'), meta: { title: 'platform-feedback.title', any } }];

export const navigation: Entry[] = [{ to: '/platform-feedback', label: 'platform-feedback.title', icon: ChatLineSquare, group: 'system', order: 30, any }];
