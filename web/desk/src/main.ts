import { start } from '@redproperty/shared/app';
import { goToFirstWrong } from '@redproperty/shared/composables/first-wrong';
import { keepFocus } from '@redproperty/shared/composables/kept-focus';
import '@redproperty/shared/theme/tokens.css';
import '@redproperty/shared/theme/base.css';
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/dark/css-vars.css';

import App from './App.vue';
import { beginDialogsAtFields } from './parts/dialog-focus';
import './theme.css';
import { router } from './router';

beginDialogsAtFields();
keepFocus();
goToFirstWrong();
void start({
  root: App,
  router,
  locales: {
    'zh-CN': async () => (await import('./locales/zh-CN')).default,
    en: async () => (await import('./locales/en')).default,
  },
});
