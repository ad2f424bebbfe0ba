import { Stamp } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const audit = ['survey.audit'];
const any = ['survey.audit', 'survey.decide'];

export const routes: RouteRecordRaw[] = [
  { path: '/score-audits', name: 'score-audits', component: () => import('./pages/AuditQueuePage.vue'), meta: { title: 'score-audit.title', any: audit } },
  { path: '/rounds/:roundId/audits', name: 'round-audits', component: () => import('./pages/RoundAuditsPage.vue'), props: true, meta: { title: 'score-audit.title', any } },
  { path: '/rounds/:roundId/audits/:auditId', name: 'score-audit', component: () => import('./pages/AuditPage.vue'), props: true, meta: { title: 'score-audit.title', any } },
  { path: '/rounds/:roundId/recontacts', name: 'recontacts', component: () => import('./pages/RecontactsPage.vue'), props: true, meta: { title: 'score-audit.recontact.title', any: ['survey.recontact'] } },
];

export const navigation: Entry[] = [{ to: '/score-audits', label: 'score-audit.title', icon: Stamp, group: 'surveys', order: 30, any: audit }];
