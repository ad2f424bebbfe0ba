import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [{ path: '/rounds/:roundId/remarks', name: 'remarks', component: () => import('./pages/RemarksPage.vue'), props: true, meta: { title: 'remarks.title', any: ['survey.review'] } }];
