import type { RouteRecordRaw } from 'vue-router';

const vote = ':vote([0-9a-f-]{36})';

export const routes: RouteRecordRaw[] = [
  { path: '/votes', name: 'votes', component: () => import('./pages/VotesPage.vue'), meta: { title: 'votes.title', home: true } },
  { path: '/votes/propose', name: 'vote-propose', component: () => import('./pages/ProposePage.vue'), meta: { title: 'votes.form.title' } },
  { path: `/votes/${vote}`, name: 'vote', component: () => import('./pages/VotePage.vue'), props: true, meta: { title: 'votes.title', home: true } },
  { path: `/votes/${vote}/edit`, name: 'vote-edit', component: () => import('./pages/ProposePage.vue'), props: true, meta: { title: 'votes.form.edit' } },
  { path: `/votes/${vote}/roll`, name: 'vote-roll', component: () => import('./pages/RollPage.vue'), props: true, meta: { title: 'votes.roll.title' } },
  { path: `/votes/${vote}/check`, name: 'vote-check', component: () => import('./pages/CheckPage.vue'), props: true, meta: { title: 'votes.receipt.checkTitle' } },
  { path: `/votes/${vote}/ballot/:head(\\d+)`, name: 'vote-ballot', component: () => import('./pages/BallotPage.vue'), props: (to) => ({ vote: to.params['vote'], head: Number(to.params['head']) }), meta: { title: 'votes.ballot.title' } },
];
