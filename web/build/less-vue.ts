import type { Plugin } from 'vite';
import * as Vue from 'vue';

const whole = "import * as Vue from 'vue';";
const lookUp = /function getCurrentInstance\(\) \{[\s\S]*?\n\}\n/;

/**
 * vue-i18n takes the current component from whichever of two names Vue exports, looked up while the page runs, and so brings all
 * of Vue along: 14 kB. This Vue has one of the two, and here vue-i18n imports that. The build stops where either has changed.
 */
export function lessVue(): Plugin {
  return {
    name: 'less-vue',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('/vue-i18n/dist/vue-i18n.mjs')) return undefined;
      if (!code.includes(whole) || !lookUp.test(code)) throw new Error('less-vue: vue-i18n has changed; is this still needed?');
      if ('currentInstance' in Vue) throw new Error('less-vue: this Vue has the name that vue-i18n looks for first');
      const less = code.replace(whole, "import { getCurrentInstance } from 'vue';").replace(lookUp, '');
      if (/\bVue(?:\.|\[)|\bin Vue\b/.test(less)) throw new Error('less-vue: vue-i18n uses more of Vue than it imports by name');
      return { code: less, map: null };
    },
  };
}
