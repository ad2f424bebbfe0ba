import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { public: true, bare: true, title: 'login.title' } },
  { path: '/password', name: 'password', component: () => import('./pages/PasswordPage.vue'), meta: { bare: true, title: 'password.title' } },
];
