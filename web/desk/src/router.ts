import { createRouter, createWebHistory } from 'vue-router';

import { features } from './app/features';

export const router = createRouter({
  history: createWebHistory(import.meta.env.BASE_URL),
  routes: [
    ...features.flatMap((f) => f.routes),
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./app/NotFoundPage.vue'), meta: { public: true } },
  ],
  scrollBehavior: (to, _from, saved) => saved ?? (to.hash ? { el: to.hash } : { top: 0 }),
});
