// @vitest-environment happy-dom
import { expect, it } from 'vitest';

import { tooLong } from './cut-paste';

it('says how long a field would have become, what is replaced not counted', () => {
  const field = document.createElement('textarea');
  expect(tooLong(field, 'x'.repeat(99)), 'a field without a limit').toBeUndefined();
  field.maxLength = 10;
  field.value = '12345';
  field.setSelectionRange(0, 3);
  expect(tooLong(field, 'x'.repeat(8))).toBeUndefined();
  expect(tooLong(field, 'x'.repeat(10_000))).toEqual({ had: 10_002, most: 10 });
});
