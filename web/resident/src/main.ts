import { start } from '@redproperty/shared/app';
import '@redproperty/shared/theme/tokens.css';
import '@redproperty/shared/theme/base.css';
import 'vant/es/style/base.css';

import App from './App.vue';
import './theme.css';
import { router } from './router';

void start({
  root: App,
  router,
  offline: true,
  locales: {
    'zh-CN': async () => (await import('./locales/zh-CN')).default,
    en: async () => (await import('./locales/en')).default,
  },
});
