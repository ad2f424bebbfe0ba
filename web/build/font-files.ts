import type { Plugin } from 'vite';

const inlined = /url\(["']?data:font\/(woff2?);[^,)]*base64,([A-Za-z0-9+/=]+)["']?\)/g;

/** Takes fonts out of style sheets into files of their own, so that a page is drawn before its icons have come. */
export function fontFiles(): Plugin {
  return {
    name: 'font-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css') || typeof file.source !== 'string') continue;
        file.source = file.source.replace(inlined, (_whole, kind: string, data: string) => {
          const reference = this.emitFile({ type: 'asset', name: `icons.${kind}`, source: Buffer.from(data, 'base64') });
          return `url(./${this.getFileName(reference).split('/').pop() ?? ''})`;
        });
      }
    },
  };
}
