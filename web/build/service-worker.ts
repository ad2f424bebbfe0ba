import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'vite';

const script = 'sw.js';
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('base64');

/** Builds the service worker beside the application and writes into it what the build consists of. */
export function serviceWorker(source: string): Plugin {
  let out = '';
  return {
    name: 'service-worker',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir;
    },
    buildStart() {
      this.emitFile({ type: 'chunk', id: source, fileName: script });
    },
    async writeBundle() {
      const entries = await readdir(out, { recursive: true, withFileTypes: true });
      const names = entries.filter((e) => e.isFile() && !/\.(?:br|gz)$/.test(e.name)).map((e) => join(e.parentPath, e.name)).sort();
      const files: [string, string][] = [];
      const whole = createHash('sha256');
      for (const name of names) {
        const path = `/${relative(out, name)}`;
        if (path === `/${script}`) continue;
        const hash = sha256(await readFile(name));
        whole.update(`${path} ${hash}\n`);
        files.push([path, path.startsWith('/assets/') ? '' : `sha256-${hash}`]);
      }
      const code = await readFile(join(out, script), 'utf8');
      const version = whole.update(code).digest('hex').slice(0, 16);
      await writeFile(join(out, script), `const __BUILD__=${JSON.stringify({ version, files })};\n${code}`);
    },
  };
}
