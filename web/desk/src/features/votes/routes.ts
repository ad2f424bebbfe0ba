import { Tickets } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['vote.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/votes', name: 'votes', component: () => import('./pages/VotesPage.vue'), meta: { title: 'votes.title', any } },
  { path: '/votes/new', name: 'vote-new', component: () => import('./pages/VoteEditPage.vue'), meta: { title: 'votes.edit.new', any: ['vote.organise'] } },
  { path: '/votes/:id', name: 'vote', component: () => import('./pages/VotePage.vue'), props: true, meta: { title: 'votes.title', any } },
  { path: '/votes/:id/edit', name: 'vote-edit', component: () => import('./pages/VoteEditPage.vue'), props: true, meta: { title: 'votes.edit.edit', any: ['vote.organise'] } },
  { path: '/votes/:id/paper/:head(\\d+)', name: 'vote-paper', component: () => import('./pages/PaperPage.vue'), props: (to) => ({ id: to.params['id'], head: Number(to.params['head']) }), meta: { title: 'votes.paper.title', any: ['vote.paper'] } },
  { path: '/votes/:id/print', name: 'vote-print', component: () => import('./pages/PrintPage.vue'), props: true, meta: { title: 'votes.print.title', any: ['vote.paper'], bare: true } },
];

export const navigation: Entry[] = [{ to: '/votes', label: 'votes.title', icon: Tickets, group: 'owners', order: 10, any }];
