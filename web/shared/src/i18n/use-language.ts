import { inject, type App, type InjectionKey } from 'vue';

import type { Texts } from './i18n';

const key: InjectionKey<Texts> = Symbol('language');

export function provideLanguage(app: App, texts: Texts): void {
  app.provide(key, texts);
}

/** The language shown, and what changes it, in setup. */
export function useLanguage(): Pick<Texts, 'locale' | 'speak'> {
  const texts = inject(key);
  if (!texts) throw new Error('no texts were provided');
  return texts;
}

/** Puts sentences behind each other, in setup: English has a space between them, Chinese nothing. */
export function useSentences(): (...sentences: (string | false | undefined)[]) => string {
  const { locale } = useLanguage();
  return (...sentences) => sentences.filter(Boolean).join(locale() === 'en' ? ' ' : '');
}
