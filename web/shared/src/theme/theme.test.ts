// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest';

import { applyTheme, useTheme } from './theme';

const { setTheme, isDark } = useTheme();

afterEach(() => setTheme('light'));

it('prints what is dark as light, also what a script draws, and is dark again after', () => {
  setTheme('dark');
  applyTheme();
  dispatchEvent(new Event('beforeprint'));
  expect([document.documentElement.dataset['theme'], isDark.value]).toEqual(['light', false]);
  dispatchEvent(new Event('afterprint'));
  expect([document.documentElement.dataset['theme'], isDark.value]).toEqual(['dark', true]);
});
