import { Notebook } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['audit.read'];

export const routes: RouteRecordRaw[] = [{ path: '/audit-trail', name: 'audit-trail', component: () => import('./pages/TrailPage.vue'), meta: { title: 'audit-trail.title', any } }];

export const navigation: Entry[] = [{ to: '/audit-trail', label: 'audit-trail.title', icon: Notebook, group: 'oversight', order: 30, any }];
