import { Calendar, Document, OfficeBuilding } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['contract.read'];
const arrangement = ['arrangement.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/contracts', name: 'contracts', component: () => import('./pages/ContractsPage.vue'), meta: { title: 'contracts.title', any } },
  { path: '/contracts/new', name: 'contract-new', component: () => import('./pages/ContractFormPage.vue'), meta: { title: 'contracts.form.new', any: ['contract.draft'] } },
  { path: '/contracts/running', name: 'contract-running', component: () => import('./pages/ContractFormPage.vue'), props: { running: true }, meta: { title: 'contracts.form.running', any: ['contract.import'] } },
  { path: '/contracts/:id', name: 'contract', component: () => import('./pages/ContractPage.vue'), props: true, meta: { title: 'contracts.title', any } },
  { path: '/contracts/:id/edit', name: 'contract-edit', component: () => import('./pages/ContractFormPage.vue'), props: true, meta: { title: 'contracts.form.edit', any: ['contract.draft'] } },
  { path: '/contract-deadlines', name: 'contract-deadlines', component: () => import('./pages/DeadlinesPage.vue'), meta: { title: 'contracts.deadlines.title', any } },
  { path: '/arrangements', name: 'arrangements', component: () => import('./pages/ArrangementsPage.vue'), meta: { title: 'contracts.arrangements.title', any: arrangement } },
];

export const navigation: Entry[] = [
  { to: '/contracts', label: 'contracts.title', icon: Document, group: 'contracts', order: 10, any, post: true },
  { to: '/contract-deadlines', label: 'contracts.deadlines.title', icon: Calendar, group: 'contracts', order: 20, any, post: true },
  { to: '/arrangements', label: 'contracts.arrangements.title', icon: OfficeBuilding, group: 'contracts', order: 30, any: arrangement },
];
