import { Key } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['membership.approve', 'membership.code'];

export const routes: RouteRecordRaw[] = [{ path: '/joining', name: 'joining', component: () => import('./pages/JoiningPage.vue'), meta: { title: 'joining.title', any } }];

export const navigation: Entry[] = [{ to: '/joining', label: 'joining.title', icon: Key, group: 'places', order: 20, any }];
