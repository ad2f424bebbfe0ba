import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/rounds/:roundId/paper', name: 'paper', component: () => import('./pages/PaperPage.vue'), props: true, meta: { title: 'paper.title', any: ['survey.paper', 'survey.author', 'survey.interview'] } },
  { path: '/rounds/:roundId/paper/enter', name: 'paper-enter', component: () => import('./pages/EnterPage.vue'), props: true, meta: { title: 'paper.enter.title', any: ['survey.paper'] } },
];
