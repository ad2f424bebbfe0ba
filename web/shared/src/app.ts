import { createPinia } from 'pinia';
import { createApp, type Component } from 'vue';
import type { Router } from 'vue-router';

import { createApi } from './api/client';
import { provideApi } from './api/use-api';
import { createTexts, type Loader, type Texts } from './i18n/i18n';
import type { Locale } from './i18n/types';
import { useCapacityChoice } from './session/choice';
import { useSession } from './session/session';
import { applyTheme } from './theme/theme';
import { provideLanguage } from './i18n/use-language';

export interface Parts {
  root: Component;
  router: Router;
  locales: Record<Locale, Loader>;
}

/** Puts an application together: colours, texts, the API client, who is logged in, and the pages. */
export async function start({ root, router, locales }: Parts): Promise<void> {
  applyTheme();
  const texts: Texts = await createTexts(locales);
  const app = createApp(root);
  app.use(createPinia()).use(texts.i18n);
  const session = useSession();
  const choice = useCapacityChoice();
  const api = createApi({ language: texts.locale, reauthenticate: session.renew, chooseCapacity: choice.ask });
  provideApi(app, api);
  provideLanguage(app, texts);

  router.beforeEach(async (to) => {
    if (session.state === 'unknown') {
      await session.load(api).catch(() => undefined); // no answer: the page itself says so and offers to try again
    }
    if (session.state === 'out' && to.meta['public'] !== true) return { name: 'login', query: { back: to.fullPath } };
    if (session.account?.mustChangePassword && to.name !== 'password' && to.meta['public'] !== true) return { name: 'password', query: { back: to.fullPath } };
    return true;
  });
  app.use(router);
  app.mount('#app');
}
