import { createPinia } from 'pinia';
import { createApp, type Component } from 'vue';
import type { Router } from 'vue-router';

import { createApi } from './api/client';
import { provideApi } from './api/use-api';
import { createTexts, preferredLocale, type Loader, type Texts } from './i18n/i18n';
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

/**
 * Puts an application together: colours, texts, the API client, who is logged in, and the pages. What is asked for over the
 * network is asked for at once, since on a slow line the way to and fro costs more than the bytes.
 */
export async function start({ root, router, locales }: Parts): Promise<void> {
  applyTheme();
  const pinia = createPinia();
  const session = useSession(pinia);
  let language: () => Locale = preferredLocale;
  const api = createApi({ language: () => language(), reauthenticate: session.renew, chooseCapacity: (among) => useCapacityChoice(pinia).ask(among) });
  const ask = () => session.load(api).catch(() => undefined); // no answer: the page itself says so and offers to try again
  let asking: Promise<void> | undefined = ask();
  preload(router);
  const texts: Texts = await createTexts(locales);
  language = texts.locale;

  const app = createApp(root);
  app.use(pinia).use(texts.i18n);
  provideApi(app, api);
  provideLanguage(app, texts);
  router.beforeEach(async (to) => {
    if (session.state === 'unknown') await (asking ?? ask());
    asking = undefined;
    if (to.meta['public'] === true) return true;
    if (session.state === 'out') return { name: 'login', query: { back: to.fullPath } };
    if (session.account?.mustChangePassword && to.name !== 'password') return { name: 'password', query: { back: to.fullPath } };
    return true;
  });
  router.onError((error: unknown, to) => {
    // The program was replaced by a newer one, whose files have other names: the page begins anew.
    if (navigator.onLine && error instanceof TypeError && /import|fetch/i.test(error.message)) globalThis.location.assign(router.resolve(to).href);
  });
  app.use(router);
  app.mount('#app');
}

/** Begins to load the page that the address names, before it is known who asks. */
function preload(router: Router): void {
  for (const record of router.resolve(router.options.history.location).matched) {
    const page = record.components?.['default'];
    if (typeof page === 'function') void (page as () => Promise<unknown>)().catch(() => undefined); // the router itself will tell
  }
}
