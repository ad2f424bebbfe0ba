import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import Components from 'unplugin-vue-components/vite';
import type { ComponentResolver } from 'unplugin-vue-components/types';
import type { Plugin, UserConfig } from 'vite';

import { compress } from './compress.ts';
import { fontFiles } from './font-files.ts';
import { lessVue } from './less-vue.ts';
import { localFonts } from './local-fonts.ts';

/** The program that the development server asks for the API. */
const server = process.env['REDPROPERTY_URL'] ?? 'http://127.0.0.1:8080';

/** What one application has of its own. */
interface Own {
  plugins?: Plugin[];
  /** What so many parts share goes into one file: on a slow line every file is a way to and fro. Without it the bundler decides. */
  common?: number;
}

/** The build of one application: where it lives, and whose widgets it uses. */
export function application(name: string, base: string, port: number, resolvers: ComponentResolver[], { plugins = [], common }: Own = {}): UserConfig {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    root: here(`../${name}`),
    base,
    plugins: [vue(), Components({ dts: false, dirs: [], resolvers }), lessVue(), fontFiles(), ...plugins, compress()],
    // What neither application uses of its libraries is left out of the build.
    define: { __VUE_I18N_LEGACY_API__: false, __VUE_I18N_FULL_INSTALL__: false, __INTLIFY_PROD_DEVTOOLS__: false, __VUE_PROD_DEVTOOLS__: false },
    resolve: { alias: { '@': here(`../${name}/src`) } },
    css: { postcss: { plugins: [localFonts()] } },
    build: { outDir: here(`../dist/${name}`), emptyOutDir: true, target: 'es2020', assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 1200, ...(common === undefined ? {} : { rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'common', minShareCount: common }] } } } }) },
    server: { host: '127.0.0.1', port, proxy: { '/api': { target: server, changeOrigin: false } } },
  };
}
