import { createI18n, useI18n } from 'vue-i18n';

import { remembered } from '../session/remembered';
import type { Key, Locale, Tree } from './types';

/** Loads the messages of one language; each language is a chunk of its own. */
export type Loader = () => Promise<Tree>;

const chosen = remembered('redproperty.locale', '');

/** The language that was chosen before, or else the browser's; Chinese where that is neither. */
export function preferredLocale(): Locale {
  const wanted = chosen.get() || globalThis.navigator?.language || 'zh-CN';
  return wanted.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

/** Makes the application's texts with the preferred language loaded. */
export async function createTexts(loaders: Record<Locale, Loader>) {
  const locale = preferredLocale();
  const i18n = createI18n({
    legacy: false,
    locale: locale as string,
    fallbackLocale: false,
    messages: { [locale]: await loaders[locale]() } as Record<string, Tree>,
    missingWarn: import.meta.env.DEV,
    fallbackWarn: false,
  });
  const global = i18n.global as unknown as { locale: { value: string }; availableLocales: string[]; setLocaleMessage(l: string, m: Tree): void };
  document.documentElement.lang = locale;

  return {
    i18n,
    locale: (): Locale => global.locale.value as Locale,
    /** Changes the language of everything shown and remembers it. */
    async speak(to: Locale): Promise<void> {
      if (!global.availableLocales.includes(to)) global.setLocaleMessage(to, await loaders[to]());
      global.locale.value = to;
      document.documentElement.lang = to;
      chosen.set(to);
    },
  };
}

export type Texts = Awaited<ReturnType<typeof createTexts>>;

/** A function from a key to its sentence; a key that does not exist does not compile. */
export type Translate<M> = (key: Key<M>, params?: Record<string, unknown>) => string;

/** The texts for a component, in setup. Each application binds M to its own messages. */
export function useTexts<M>(): Translate<M> {
  const { t } = useI18n();
  return (key, params) => {
    if (!params) return t(key as string);
    // Of "{n} unit | {n} units" the library chooses by n where it is a number; one that is written already ("1,204") it would take for one.
    return typeof params['n'] === 'string' ? t(key as string, params, params['n'] === '1' ? 1 : 2) : t(key as string, params);
  };
}

/** Gathers the messages of the features that were found by name: "./orders/locales/en.ts" goes under "orders". */
export function gather(modules: Record<string, { default: Tree }>): Tree {
  return Object.fromEntries(Object.entries(modules).map(([path, module]) => [/([^/]+)\/locales\//.exec(path)?.[1] ?? path, module.default]));
}
