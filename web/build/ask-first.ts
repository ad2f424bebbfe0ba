import type { Plugin } from 'vite';

const name = 'ask';

/** Makes `source` a script of its own that the page starts before all others. It is no module: the page's one module script names the build. */
export function askFirst(source: string): Plugin {
  return {
    name: 'ask-first',
    apply: 'build',
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, name });
    },
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'chunk' || file.name !== name) continue;
        file.code = file.code.replace(/export\s*\{\s*\};?\s*$/, '');
        if (/\b(?:import|export)\b/.test(file.code)) throw new Error('ask-first: what is asked first must stand alone');
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.values(bundle ?? {}).find((f) => f.type === 'chunk' && f.name === name);
        return file ? [{ tag: 'script', attrs: { src: `/${file.fileName}`, async: true }, injectTo: 'head-prepend' }] : [];
      },
    },
  };
}
