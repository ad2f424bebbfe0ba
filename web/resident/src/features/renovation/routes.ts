import type { RouteRecordRaw } from 'vue-router';

const id = ':id([0-9a-f-]{36})';

export const routes: RouteRecordRaw[] = [
  { path: '/renovations', name: 'renovations', component: () => import('./pages/RenovationsPage.vue'), meta: { title: 'renovation.title', home: true } },
  { path: `/renovations/${id}`, name: 'renovation', component: () => import('./pages/RenovationPage.vue'), props: true, meta: { title: 'renovation.title', home: true } },
  { path: `/renovations/${id}/plans`, name: 'renovation-plans', component: () => import('./pages/PlansPage.vue'), props: true, meta: { title: 'renovation.plans.title' } },
  { path: `/renovations/${id}/money`, name: 'renovation-money', component: () => import('./pages/MoneyPage.vue'), props: true, meta: { title: 'renovation.money.title' } },
  { path: `/renovations/${id}/diary`, name: 'renovation-diary', component: () => import('./pages/DiaryPage.vue'), props: true, meta: { title: 'renovation.diary.title' } },
  { path: `/renovations/${id}/items/:item([0-9a-f-]{36})`, name: 'renovation-item', component: () => import('./pages/ItemPage.vue'), props: true, meta: { title: 'renovation.item.title' } },
  { path: `/renovations/${id}/public`, name: 'renovation-public', component: () => import('./pages/PublicPage.vue'), props: true, meta: { title: 'renovation.public.title', public: true, bare: true } },
  { path: `/fund-requests/${id}`, name: 'fund-request', component: () => import('./pages/FundPage.vue'), props: true, meta: { title: 'renovation.fund.title' } },
];
