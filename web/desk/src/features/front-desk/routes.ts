import { Phone } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['workorder.report_for', 'workorder.inspect'];

export const routes: RouteRecordRaw[] = [{ path: '/front-desk', name: 'front-desk', component: () => import('./pages/FrontDeskPage.vue'), meta: { title: 'front-desk.title', any } }];

export const navigation: Entry[] = [{ to: '/front-desk', label: 'front-desk.title', icon: Phone, group: 'work', order: 10, any }];
