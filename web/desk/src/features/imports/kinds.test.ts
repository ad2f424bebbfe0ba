import { describe, expect, it } from 'vitest';

import { progressOf, tablesOf } from './kinds';

describe('files that were dropped', () => {
  it('are the tables among them, in the order of their names', () => {
    const names = ['10号楼.xlsx', '~$2号楼.xlsx', '.hidden.csv', '2号楼.XLSX', '说明.docx', '旧.xls', 'roster.csv'];
    expect(tablesOf(names.map((name) => ({ name }))).map((f) => f.name)).toEqual(['2号楼.XLSX', '10号楼.xlsx', '旧.xls', 'roster.csv']);
  });
});

describe('progress', () => {
  it('is whole only when the import has ended', () => {
    const run = (state: string, rowsDone: number, rowsTotal: number) => progressOf({ state, rowsDone, rowsTotal } as Parameters<typeof progressOf>[0]);
    expect([run('queued', 0, 0), run('running', 1, 3), run('running', 3, 3), run('done', 3, 3), run('failed', 1, 3), progressOf(undefined)]).toEqual([0, 33, 99, 100, 100, 0]);
  });
});
