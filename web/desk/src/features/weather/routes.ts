import { PartlyCloudy } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from '@/app/navigation';

const any = ['workorder.weather', 'workorder.dispatch', 'workorder.decide'];

export const routes: RouteRecordRaw[] = [{ path: '/weather', name: 'weather', component: () => import('./pages/WeatherPage.vue'), meta: { title: 'weather.title', any } }];

export const navigation: Entry[] = [{ to: '/weather', label: 'weather.title', icon: PartlyCloudy, group: 'work', order: 60, any }];
