import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

// Few rules: what the compiler does not see and a reviewer should not have to.
export default tseslint.config(
  { ignores: ['**/node_modules/**', 'dist/**', 'shared/src/api/generated/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/essential'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  {
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 500 }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', { selector: "CallExpression[callee.name='fetch']", message: 'The API is reached through the shared client.' }],
      'no-restricted-imports': ['error', {
        paths: [
          { name: 'element-plus', message: 'Import from element-plus/es/components/…: the whole library is not loaded.' },
          { name: 'vant', message: 'Import from vant/es/…: the whole library is not loaded.' },
          { name: 'echarts', message: 'Import through the one lazy chunk for charts.' },
        ],
      }],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-restricted-static-attribute': ['error', { key: 'style', message: 'The Content-Security-Policy stops it; use a class or :style.' }],
    },
  },
  { files: ['**/*.vue'], rules: { 'max-lines': ['error', { max: 220 }] } },
  // The service worker stands between the pages and the network; what is asked first is asked before there is a client.
  { files: ['resident/sw/**', 'shared/src/api/ask-first.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // The server types read from the program; the tests talk to it as a client does.
  { files: ['e2e/**'], rules: { 'no-console': 'off', 'no-restricted-syntax': 'off' } },
);
