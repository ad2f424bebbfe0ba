import { Upload } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['import.read'];

export const routes: RouteRecordRaw[] = [
  { path: '/imports', name: 'imports', component: () => import('./pages/ImportsPage.vue'), meta: { title: 'imports.title', any } },
  { path: '/imports/new', name: 'import-new', component: () => import('./pages/ImportWizardPage.vue'), meta: { title: 'imports.wizard', any } },
  { path: '/imports/:id', name: 'import', component: () => import('./pages/ImportPage.vue'), props: true, meta: { title: 'imports.title', any } },
];

export const navigation: Entry[] = [{ to: '/imports', label: 'imports.title', icon: Upload, group: 'places', order: 30, any }];
