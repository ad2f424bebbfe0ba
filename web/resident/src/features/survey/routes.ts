import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/survey', name: 'surveys', component: () => import('./pages/SurveysPage.vue'), meta: { title: 'survey.title', home: true } },
  { path: '/survey/check', name: 'survey-check', component: () => import('./pages/CheckPage.vue'), meta: { title: 'survey.check.title', public: true } },
  { path: '/survey/:round([0-9a-f-]{36})', name: 'survey', component: () => import('./pages/SurveyPage.vue'), props: true, meta: { title: 'survey.title', home: true } },
];
