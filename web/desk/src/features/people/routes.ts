import { Connection, User, UserFilled } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const organisations = ['org.read'];
/** Whose people sit elsewhere, or who sees to it: not every body that knows its own staff. */
const cross = ['post.cross', 'post.own', 'roll.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/people/organisations', name: 'organisations', component: () => import('./pages/OrganisationsPage.vue'), meta: { title: 'people.organisations', any: organisations } },
  { path: '/people/organisations/:id', name: 'organisation', component: () => import('./pages/OrganisationPage.vue'), props: true, meta: { title: 'people.organisations', any: organisations } },
  { path: '/people/cross', name: 'cross-appointments', component: () => import('./pages/CrossPage.vue'), meta: { title: 'people.cross.title', any: cross } },
  { path: '/people/mine', name: 'own-posts', component: () => import('./pages/OwnPostsPage.vue'), meta: { title: 'people.own.title' } },
];

export const navigation: Entry[] = [
  { to: '/people/organisations', label: 'people.organisations', icon: UserFilled, group: 'people', order: 10, any: organisations },
  { to: '/people/cross', label: 'people.cross.title', icon: Connection, group: 'people', order: 20, any: cross },
  { to: '/people/mine', label: 'people.own.title', icon: User, group: 'people', order: 30 },
];
