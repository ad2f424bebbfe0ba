import { Tickets } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['survey.author'];

export const routes: RouteRecordRaw[] = [
  { path: '/forms', name: 'forms', component: () => import('./pages/FormsPage.vue'), meta: { title: 'forms.title', any } },
  { path: '/forms/new', name: 'form-new', component: () => import('./pages/NewFormPage.vue'), meta: { title: 'forms.new.title', any } },
  { path: '/forms/:id', name: 'form', component: () => import('./pages/FormPage.vue'), props: true, meta: { title: 'forms.title', any: ['survey.read'] } },
];

export const navigation: Entry[] = [{ to: '/forms', label: 'forms.title', icon: Tickets, group: 'surveys', order: 20, any }];
