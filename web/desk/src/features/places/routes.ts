import { OfficeBuilding } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['place.read'];

export const routes: RouteRecordRaw[] = [
  {
    path: '/places', component: () => import('./pages/PlacesPage.vue'), meta: { title: 'places.title', any },
    children: [
      { path: '', name: 'places', component: () => import('./pages/PlacesStartPage.vue'), meta: { title: 'places.title', any } },
      { path: 'areas/:id', name: 'area', component: () => import('./pages/AreaPage.vue'), props: true, meta: { title: 'places.title', any } },
      { path: 'service-areas/:id', name: 'service-area', component: () => import('./pages/ServiceAreaPage.vue'), props: true, meta: { title: 'places.title', any } },
    ],
  },
  { path: '/places/roll', name: 'roll', component: () => import('./pages/RollSearchPage.vue'), meta: { title: 'places.roll.search', any: ['roll.read'] } },
  { path: '/places/buildings/:id', name: 'building', component: () => import('./pages/BuildingPage.vue'), props: true, meta: { title: 'places.title', any } },
  { path: '/places/units/:id', name: 'unit', component: () => import('./pages/UnitPage.vue'), props: true, meta: { title: 'places.title', any } },
  { path: '/places/units/:id/propose', name: 'unit-propose', component: () => import('./pages/ProposePage.vue'), props: true, meta: { title: 'places.change.propose', any: ['place.correct'] } },
];

export const navigation: Entry[] = [{ to: '/places', label: 'places.title', icon: OfficeBuilding, group: 'places', order: 10, any, post: true }];
