import { ref } from 'vue';

import { remembered } from '../session/remembered';

export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'normal' | 'large';

const themeKey = 'redproperty.theme';
const textKey = 'redproperty.text';
const keptTheme = remembered(themeKey, 'system');
const keptText = remembered(textKey, 'normal');
const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');

const theme = ref<Theme>(oneOf(keptTheme.get(), ['system', 'light', 'dark'], 'system'));
const text = ref<TextSize>(oneOf(keptText.get(), ['normal', 'large'], 'normal'));

function oneOf<T extends string>(value: string, all: readonly T[], otherwise: T): T {
  return all.find((t) => t === value) ?? otherwise;
}

/** Whether dark colours are shown now. */
const isDark = ref(false);
let printing = false;

/** Puts the choices on the page; call once at the start, before anything is drawn. */
export function applyTheme(): void {
  isDark.value = !printing && (theme.value === 'dark' || (theme.value === 'system' && (dark?.matches ?? false)));
  const root = document.documentElement;
  root.dataset['theme'] = isDark.value ? 'dark' : 'light';
  root.dataset['text'] = text.value;
  root.classList.toggle('dark', isDark.value); // what Element Plus looks at
}

dark?.addEventListener('change', applyTheme);

// On paper everything is light, also what is drawn by a script, as charts are.
for (const [event, now] of [['beforeprint', true], ['afterprint', false]] as const) {
  globalThis.addEventListener?.(event, () => {
    printing = now;
    applyTheme();
  });
}

// A choice made in another tab holds here too.
globalThis.addEventListener?.('storage', (event) => {
  if (event.key === themeKey) theme.value = oneOf(event.newValue ?? '', ['system', 'light', 'dark'], 'system');
  if (event.key === textKey) text.value = oneOf(event.newValue ?? '', ['normal', 'large'], 'normal');
  applyTheme();
});

/** The colours and the size of text, with what changes them. */
export function useTheme() {
  return {
    theme, text, isDark,
    setTheme(to: Theme) {
      theme.value = to;
      keptTheme.set(to);
      applyTheme();
    },
    setText(to: TextSize) {
      text.value = to;
      keptText.set(to);
      applyTheme();
    },
  };
}
