import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  { path: '/join', name: 'join', component: () => import('./pages/JoinPage.vue'), meta: { title: 'join.title', own: true } },
  { path: '/join/find', name: 'find-home', component: () => import('./pages/FindPage.vue'), meta: { title: 'join.find.estate', own: true } },
  { path: '/join/apply/:unit', name: 'apply', component: () => import('./pages/ApplyPage.vue'), props: true, meta: { title: 'join.applyTitle', own: true } },
  { path: '/household', name: 'household', component: () => import('./pages/HouseholdPage.vue'), meta: { title: 'join.household' } },
  { path: '/household/helper/:membership', name: 'helper', component: () => import('./pages/HelperPage.vue'), props: true, meta: { title: 'join.helper.open', own: true } },
];
