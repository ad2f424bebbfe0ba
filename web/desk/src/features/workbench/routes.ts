import { House } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

export const routes: RouteRecordRaw[] = [{ path: '/', name: 'home', component: () => import('./pages/WorkbenchPage.vue'), meta: { title: 'workbench.title' } }];

export const navigation: Entry[] = [{ to: '/', label: 'workbench.title', icon: House, group: 'work', order: 0 }];
