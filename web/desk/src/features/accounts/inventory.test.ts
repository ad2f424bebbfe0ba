import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

import core from '@redproperty/shared/i18n/zh-CN';

import zh from './locales/zh-CN';

const source = readFileSync(resolve(import.meta.dirname, '../../../../../internal/personal/personal.go'), 'utf8');
const codes = (type: string) => [...source.matchAll(new RegExp(`^\\s+\\w+\\s+${type}\\s+= "([a-z_.]+)"`, 'gm'))].map((m) => m[1]!);

it('names every personal datum of the program, whom it is about and who sees it', () => {
  expect([codes('Field').length > 30, codes('Viewer').length > 5, codes('Subject').length > 2]).toEqual([true, true, true]);
  expect(codes('Field').filter((code) => !(code.replaceAll('.', '_') in zh.data.field))).toEqual([]);
  expect(codes('Viewer').filter((code) => !(code in zh.data.viewer || code in core.role))).toEqual([]);
  expect(codes('Subject').filter((code) => !(code in zh.data.subject))).toEqual([]);
});
