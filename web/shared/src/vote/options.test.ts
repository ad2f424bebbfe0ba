import { expect, it } from 'vitest';

import { readable } from './options';

it('says to agree in the language of the reader', () => {
  expect(readable([{ text: '同意' }], 'In favour')).toEqual([{ text: 'In favour' }]);
  expect(readable([{ text: 'In favour' }], '同意')).toEqual([{ text: '同意' }]);
});

it('leaves what people wrote themselves', () => {
  expect(readable([{ text: '续聘两年' }], 'In favour')).toEqual([{ text: '续聘两年' }]);
  expect(readable([{ text: '同意' }, { text: '再议' }], 'In favour')).toEqual([{ text: '同意' }, { text: '再议' }]);
});
