import type { Plugin } from 'vite';

const whole = "import * as Vue from 'vue';";
const lookUp = /function getCurrentInstance\(\) \{[\s\S]*?\n\}\n/;

/** vue-i18n looks one function up by name in all that Vue exports, and so brings all of Vue along. Here it imports that function. */
export function lessVue(): Plugin {
  return {
    name: 'less-vue',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('/vue-i18n/dist/vue-i18n.mjs')) return undefined;
      if (!code.includes(whole) || !lookUp.test(code)) throw new Error('less-vue: vue-i18n has changed; is this still needed?');
      return { code: code.replace(whole, "import { getCurrentInstance } from 'vue';").replace(lookUp, ''), map: null };
    },
  };
}
