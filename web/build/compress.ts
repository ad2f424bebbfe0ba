import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const text = /\.(?:js|css|html|svg|json|webmanifest|txt)$/;
const worthIt = 600; // bytes; below that the headers cost more

/** Writes a .br and a .gz beside every text file of the build, so that the server compresses nothing. */
export function compress(): Plugin {
  let out = '';
  return {
    name: 'compress',
    apply: 'build',
    configResolved(config) {
      out = config.build.outDir;
    },
    async closeBundle() {
      for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !text.test(entry.name)) continue;
        const name = join(entry.parentPath, entry.name);
        const content = await readFile(name);
        if (content.length < worthIt) continue;
        await writeFile(`${name}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
        await writeFile(`${name}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
