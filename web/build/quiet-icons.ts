import type { Plugin } from 'vite';

const plain = 'viewBox: "0 0 1024 1024"';

/**
 * Icons of Element Plus, those inside its widgets too, are pictures without a name to a screen reader. Beside them or on their button
 * stands what they mean, so they are left out there. The build stops where the icons are drawn otherwise.
 */
export function quietIcons(): Plugin {
  return {
    name: 'quiet-icons',
    transform(code, id) {
      if (!/@element-plus[/_]icons-vue/.test(id) || !id.includes('.js')) return undefined;
      if (!code.includes(plain)) throw new Error('quiet-icons: the icons have changed; are they still read out?');
      return { code: code.replaceAll(plain, `${plain}, "aria-hidden": "true"`), map: null };
    },
  };
}
