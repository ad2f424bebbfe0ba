import { start } from '@redproperty/shared/app';
import { goToFirstWrong } from '@redproperty/shared/composables/first-wrong';
import { keepFocus } from '@redproperty/shared/composables/kept-focus';
import '@redproperty/shared/theme/tokens.css';
import '@redproperty/shared/theme/base.css';
import 'vant/es/style/base.css';

import App from './App.vue';
import { answerKeys } from './app/widget-keys';
import zh from './locales/zh-CN';
import './theme.css';
import { router } from './router';

answerKeys();
keepFocus();
goToFirstWrong();
void start({
  root: App,
  router,
  offline: true,
  locales: {
    'zh-CN': () => Promise.resolve(zh), // nearly everybody's, so it comes with the first file
    en: async () => (await import('./locales/en')).default,
  },
});
