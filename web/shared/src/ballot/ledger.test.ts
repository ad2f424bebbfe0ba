import { describe, expect, it } from 'vitest';

import { checkExtends, checkIncluded, checkRange, leafOf, openCheckpoint, parseVerifier } from './ledger';
import { Log } from './simulated';
import type { Bytes } from './bytes';

describe('proofs of the ledger', () => {
  it('hold for every leaf and every pair of trees, and for nothing else', async () => {
    const log = new Log();
    const trees = [];
    for (let n = 0; n < 13; n++) {
      log.add(`entry ${n}`);
      trees.push({ size: n + 1, root: log.root() as Bytes });
      for (let m = 0; m <= n; m++) {
        const tree = trees[n]!;
        await checkIncluded(tree, await leafOf(`entry ${m}`), m, log.path(m) as Bytes[]);
        await expect(checkIncluded(tree, await leafOf(`entry ${m}!`), m, log.path(m) as Bytes[])).rejects.toThrow('untrusted');
        const rest = await Promise.all(Array.from({ length: n + 1 - m }, (_, i) => leafOf(`entry ${m + i}`)));
        await checkRange(tree, m, rest, log.path(m) as Bytes[]);
        for (const wrong of [rest.slice(1), [...rest, rest[0]!], [...rest.slice(1), rest[0]!]].filter((list) => rest.length > 1 || list.length !== 1)) {
          await expect(checkRange(tree, m, wrong, log.path(m) as Bytes[])).rejects.toThrow('untrusted');
        }
        const proof = log.consistency(m + 1) as Bytes[];
        await checkExtends(trees[m]!, tree, proof);
        if (m < n) await expect(checkExtends({ ...trees[m]!, root: tree.root }, tree, proof)).rejects.toThrow('untrusted');
        await expect(checkExtends(trees[m]!, tree, [...proof, tree.root])).rejects.toThrow('untrusted');
      }
      await expect(checkIncluded(trees[n]!, await leafOf(`entry ${n}`), n + 1, [])).rejects.toThrow('untrusted');
    }
  });

  it('refuse notes and keys out of form', async () => {
    const key = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
    const verifier = await parseVerifier(key);
    expect(verifier.name).toBe('sum.golang.org');
    await expect(parseVerifier(key.replace('033d', '033e'))).rejects.toThrow('malformed');
    for (const note of ['', 'x\n', 'a\n1\nb\n\n\u2014 sum.golang.org AAAA\n']) await expect(openCheckpoint(verifier, 'surveys', note)).rejects.toThrow('untrusted');
  });
});
