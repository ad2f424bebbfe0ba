import { describe, expect, it } from 'vitest';

import { commitmentTo, looksLikeSecret, newSecret } from './pledge';

describe('a pledge to the draw of a sample', () => {
  it('is the hash that the server computes from the secret', async () => {
    // Made with another program from docs/statistics.md, 12: SHA-256 over the parts, each led by its length.
    const secret = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
    expect(await commitmentTo('01a229f2-f85e-7651-b740-e8c577179c81', '01a229f1-7408-793f-a49f-2bcc7fd87829', secret)).toBe('k2eRUpW63JKnuDeSMzHBkwctUxgu9E-CXOI0nKQlcYk');
  });

  it('takes 32 new bytes each time', () => {
    const [one, two] = [newSecret(), newSecret()];
    expect(looksLikeSecret(one) && looksLikeSecret(two) && one !== two).toBe(true);
    expect(looksLikeSecret('too short')).toBe(false);
  });
});
