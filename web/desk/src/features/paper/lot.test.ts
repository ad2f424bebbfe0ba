import { describe, expect, it } from 'vitest';

import { isBallot, isText, readCodes, readList } from './lot';

describe('the sheets of a lot', () => {
  it('are read one a line, each once, and what is no code is named', () => {
    expect(readCodes(' 8K0R-H0G8-FA5Z-VTV7-PP1P\n8koRhog8fa5zvtv7ppip，x\n\nRPS1.8K0RH0G8FA5ZVTV7PP1P')).toEqual({ codes: ['8K0RH0G8FA5ZVTV7PP1P'], wrong: ['x'] });
    expect(readCodes('')).toEqual({ codes: [], wrong: [] });
  });

  it('come in a file that is a list, and no other', async () => {
    expect(await readList(new File(['["a","b"]'], 'blinded.json'), isText)).toEqual(['a', 'b']);
    for (const wrong of ['{}', '[]', 'PNG', '', '[{}]']) expect(await readList(new File([wrong], 'x'), isText)).toBeUndefined();
    const ballot = { key: 'k', token: 't', prefix: 'p', signature: 's' };
    expect(await readList(new File([JSON.stringify([ballot])], 'manifest.json'), isBallot)).toEqual([ballot]);
    expect(await readList(new File(['["a"]'], 'signatures.json'), isBallot)).toBeUndefined();
  });
});
