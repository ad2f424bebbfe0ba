import { EditPen } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['workorder.answer'];

export const routes: RouteRecordRaw[] = [{ path: '/statements', name: 'statements', component: () => import('./pages/StatementsPage.vue'), meta: { title: 'statements.title', any } }];

export const navigation: Entry[] = [{ to: '/statements', label: 'statements.title', icon: EditPen, group: 'work', order: 50, any }];
