import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

export const routes: RouteRecordRaw[] = [
  { path: '/me', name: 'me', component: () => import('./pages/MePage.vue'), meta: { title: 'me.title' } },
  { path: '/inbox', name: 'inbox', component: () => import('./pages/InboxPage.vue'), meta: { title: 'me.row.inbox' } },
  { path: '/me/notifications', name: 'notifications', component: () => import('./pages/NotificationsPage.vue'), meta: { title: 'me.row.notifications' } },
  { path: '/me/log-ins', name: 'log-ins', component: () => import('./pages/LogInsPage.vue'), meta: { title: 'me.row.logIns' } },
  { path: '/me/consents', name: 'consents', component: () => import('./pages/ConsentsPage.vue'), meta: { title: 'me.row.consents' } },
  { path: '/me/reads', name: 'reads', component: () => import('./pages/ReadsPage.vue'), meta: { title: 'me.row.reads' } },
  { path: '/me/data', name: 'own-data', component: () => import('./pages/DataPage.vue'), meta: { title: 'me.row.data', own: true } },
  { path: '/me/feedback', name: 'feedback', component: () => import('./pages/FeedbackPage.vue'), meta: { title: 'me.row.feedback' } },
];

export const navigation: Entry[] = [{ to: '/me', label: 'me.tab', icon: 'user-o', order: 90 }];
