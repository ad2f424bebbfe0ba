import { createPinia } from 'pinia';
import { createApp, type Component } from 'vue';
import type { Router } from 'vue-router';

import { createApi } from './api/client';
import { provideApi } from './api/use-api';
import { createTexts, preferredLocale, type Loader, type Texts } from './i18n/i18n';
import type { Locale } from './i18n/types';
import { useCapacityChoice } from './session/choice';
import { recall } from './session/kept';
import { useSession } from './session/session';
import { fetchStylesAgain } from './theme/late-styles';
import { applyTheme } from './theme/theme';
import { provideLanguage } from './i18n/use-language';

export interface Parts {
  root: Component;
  router: Router;
  locales: Record<Locale, Loader>;
  /** Whether the pages can be used without the server: as who was logged in last, and on the route "offline" where nobody was. */
  offline?: boolean;
}

/**
 * Puts an application together: colours, texts, the API client, who is logged in, and the pages. What is asked for over the
 * network is asked for at once, since on a slow line the way to and fro costs more than the bytes.
 */
export async function start({ root, router, locales, offline = false }: Parts): Promise<void> {
  applyTheme();
  fetchStylesAgain();
  const pinia = createPinia();
  const session = useSession(pinia);
  let language: () => Locale = preferredLocale;
  const api = createApi({ language: () => language(), reauthenticate: session.renew, chooseCapacity: (among) => useCapacityChoice(pinia).ask(among) });
  // No answer: who was here last goes on with what the device keeps; where that is nobody, the page itself says so and offers to try again.
  const ask = (): Promise<void> => inTime(session.load(api), offline).catch(async () => void (offline && (await session.resume())));
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
    if (offline && session.state === 'unknown') return { name: 'offline', query: { back: to.fullPath } };
    if (session.state === 'out') return { name: 'login', query: { back: to.fullPath } };
    if (session.account?.mustChangePassword && to.name !== 'password') return { name: 'password', query: { back: to.fullPath } };
    return true;
  });
  router.onError((error: unknown, to) => {
    if (offline && !navigator.onLine) void router.replace({ name: 'offline', query: { back: to.fullPath } });
    // The program was replaced by a newer one, whose files have other names: the page begins anew.
    if (navigator.onLine && error instanceof TypeError && /import|fetch/i.test(error.message)) globalThis.location.assign(router.resolve(to).href);
  });
  app.use(router);
  app.mount('#app');
}

/** How long a line that neither answers nor breaks is waited for, where the device has something to go on with. */
const patience = 8000;

/** Gives up waiting after that time; on a slow line with nothing kept it goes on waiting. */
function inTime(asking: Promise<void>, impatient: boolean): Promise<void> {
  if (!impatient) return asking;
  const over = new Promise<void>((_, reject) => {
    setTimeout(() => void recall('', 'account').then((copy) => copy && reject(new Error('no answer in time'))), patience);
  });
  return Promise.race([asking, over]);
}

/** Begins to load the page that the address names, before it is known who asks. */
function preload(router: Router): void {
  for (const record of router.resolve(router.options.history.location).matched) {
    const page = record.components?.['default'];
    if (typeof page === 'function') void (page as () => Promise<unknown>)().catch(() => undefined); // the router itself will tell
  }
}
