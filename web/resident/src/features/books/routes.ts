import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/books', name: 'books', component: () => import('./pages/BooksPage.vue'), meta: { title: 'books.title' } },
  { path: '/books/survey/:round([0-9a-f-]{36})', name: 'books-survey', component: () => import('./pages/ScorePage.vue'), props: true, meta: { title: 'books.score.title', public: true } },
];
