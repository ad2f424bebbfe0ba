import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';
import { communityRoles } from '@/app/roles';

export const routes: RouteRecordRaw[] = [{ path: '/calls', name: 'calls', component: () => import('./pages/CallsPage.vue'), meta: { title: 'calls.title' } }];

export const navigation: Entry[] = [{ to: '/calls', label: 'calls.tab', icon: 'phone-o', order: 14, roles: communityRoles }];
