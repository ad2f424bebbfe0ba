import { DataAnalysis } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['survey.read'];
const author = ['survey.author'];

export const routes: RouteRecordRaw[] = [
  { path: '/rounds', name: 'rounds', component: () => import('./pages/RoundsPage.vue'), meta: { title: 'rounds.title', any } },
  { path: '/rounds/new', name: 'round-new', component: () => import('./pages/RoundPlanPage.vue'), meta: { title: 'rounds.plan.new', any: author } },
  { path: '/rounds/:id', name: 'round', component: () => import('./pages/RoundPage.vue'), props: true, meta: { title: 'rounds.title', any } },
  { path: '/rounds/:id/edit', name: 'round-edit', component: () => import('./pages/RoundPlanPage.vue'), props: true, meta: { title: 'rounds.plan.edit', any: author } },
];

export const navigation: Entry[] = [{ to: '/rounds', label: 'rounds.title', icon: DataAnalysis, group: 'surveys', order: 10, any }];
