import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import Components from 'unplugin-vue-components/vite';
import type { ComponentResolver } from 'unplugin-vue-components/types';
import type { Plugin, UserConfig } from 'vite';

import { compress } from './compress.ts';
import { fontFiles } from './font-files.ts';
import { localFonts } from './local-fonts.ts';

/** The program that the development server asks for the API. */
const server = process.env['REDPROPERTY_URL'] ?? 'http://127.0.0.1:8080';

/** The build of one application: where it lives, and whose widgets it uses. */
export function application(name: string, base: string, port: number, resolvers: ComponentResolver[], more: Plugin[] = []): UserConfig {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    root: here(`../${name}`),
    base,
    plugins: [vue(), Components({ dts: false, dirs: [], resolvers }), fontFiles(), ...more, compress()],
    resolve: { alias: { '@': here(`../${name}/src`) } },
    css: { postcss: { plugins: [localFonts()] } },
    build: { outDir: here(`../dist/${name}`), emptyOutDir: true, target: 'es2020', assetsInlineLimit: 0, reportCompressedSize: false, chunkSizeWarningLimit: 1200 },
    server: { host: '127.0.0.1', port, proxy: { '/api': { target: server, changeOrigin: false } } },
  };
}
