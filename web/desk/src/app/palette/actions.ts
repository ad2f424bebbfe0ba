import { computed, type ComputedRef } from 'vue';
import { useRouter } from 'vue-router';

import { useLanguage } from '@redproperty/shared/i18n/use-language';
import { useTheme } from '@redproperty/shared/theme/theme';

import { keyHelp } from '@/parts/keys';
import { useT } from '@/texts';

import type { Command } from './command';

/** What can be done from everywhere, as lines of the palette. */
export function usePaletteActions(): ComputedRef<Command[]> {
  const t = useT();
  const router = useRouter();
  const { locale, speak } = useLanguage();
  const { isDark, text, setTheme, setText } = useTheme();
  const act = (key: string, title: string, run: () => unknown): Command => ({ key, group: 'actions', title, run });
  return computed(() => [
    act('inbox', t('inbox.title'), () => router.push({ name: 'inbox' })),
    act('account', t('shell.account'), () => router.push({ name: 'account' })),
    act('theme', t(isDark.value ? 'shell.palette.light' : 'shell.palette.dark'), () => setTheme(isDark.value ? 'light' : 'dark')),
    act('text', t(text.value === 'large' ? 'shell.palette.normalText' : 'shell.palette.largeText'), () => setText(text.value === 'large' ? 'normal' : 'large')),
    act('language', locale() === 'en' ? '中文' : 'English', () => speak(locale() === 'en' ? 'zh-CN' : 'en')),
    act('keys', t('shell.keys.title'), () => (keyHelp.value = true)),
  ]);
}
