// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { createApp, h, nextTick, ref, withDirectives } from 'vue';

import { oneTable } from './one-table';

it('is one table with its headings, also for rows that come later', async () => {
  const rows = ref(1);
  const cells = () => Array.from({ length: rows.value }, () => h('tr', h('td', 'NH-20261122-0042')));
  const root = document.createElement('div');
  const app = createApp({ render: () => withDirectives(h('div', [h('table', h('thead', h('tr', h('th', '编号')))), h('div', { class: 'el-scrollbar__wrap', tabindex: 0 }, h('table', h('tbody', cells())))]), [[oneTable, '工单']]) });
  app.mount(root);
  const table = root.firstElementChild!;
  expect([table.getAttribute('role'), table.getAttribute('aria-label')]).toEqual(['table', '工单']);
  expect([...root.querySelectorAll('table')].map((t) => t.getAttribute('role'))).toEqual(['presentation', 'presentation']);
  expect(root.querySelector('[tabindex]')!.getAttribute('role'), 'what the keyboard reaches may stand in a table').toBe('rowgroup');
  expect(root.querySelector('tbody')!.getAttribute('role')).toBe('presentation');
  rows.value = 3;
  await nextTick();
  await new Promise((seen) => setTimeout(seen));
  expect([...root.querySelectorAll('td')].map((c) => c.getAttribute('role'))).toEqual(['cell', 'cell', 'cell']);
  expect([...root.querySelectorAll('[role="row"]')]).toHaveLength(4);
  app.unmount();
});
