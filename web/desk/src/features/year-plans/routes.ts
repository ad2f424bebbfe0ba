import { Calendar } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const author = ['survey.author'];
const any = ['survey.author', 'survey.audit', 'survey.roll'];

export const routes: RouteRecordRaw[] = [
  { path: '/year-plans', name: 'year-plans', component: () => import('./pages/YearPlansPage.vue'), meta: { title: 'year-plans.title', any } },
  { path: '/year-plans/:areaId/new', name: 'year-plan-new', component: () => import('./pages/YearPlanEditPage.vue'), props: true, meta: { title: 'year-plans.new', any: author } },
  { path: '/year-plans/:areaId/:id', name: 'year-plan', component: () => import('./pages/YearPlanPage.vue'), props: true, meta: { title: 'year-plans.title', any } },
  { path: '/year-plans/:areaId/:id/revise', name: 'year-plan-revise', component: () => import('./pages/YearPlanEditPage.vue'), props: true, meta: { title: 'year-plans.revise', any: author } },
];

export const navigation: Entry[] = [{ to: '/year-plans', label: 'year-plans.title', icon: Calendar, group: 'surveys', order: 25, any }];
