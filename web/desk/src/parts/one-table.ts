import type { Directive } from 'vue';

const roles: Record<string, string> = { table: 'presentation', thead: 'rowgroup', tbody: 'rowgroup', tr: 'row', th: 'columnheader', td: 'cell' };
const watchers = new WeakMap<HTMLElement, MutationObserver>();

/** What scrolls may be reached by the keyboard, and only a group of rows may be that within a table. */
function join(root: HTMLElement): void {
  for (const [tag, role] of Object.entries(roles)) for (const part of root.querySelectorAll(tag)) part.setAttribute('role', role);
  for (const scrolled of root.querySelectorAll('.el-scrollbar__wrap[tabindex]')) {
    scrolled.setAttribute('role', 'rowgroup');
    for (const body of scrolled.querySelectorAll('tbody')) {
      body.setAttribute('role', 'presentation');
      body.removeAttribute('tabindex'); // or it would be a group again
    }
  }
}

/**
 * Makes one table for screen readers of what Element Plus draws as two, the headings in one and the rows in another: otherwise a cell
 * is read without its heading. The directive's value is the table's name. It goes on an el-table.
 */
export const oneTable: Directive<HTMLElement, string> = {
  mounted(root, { value }) {
    root.setAttribute('role', 'table');
    root.setAttribute('aria-label', value);
    join(root);
    const watcher = new MutationObserver(() => join(root)); // rows come later and by themselves
    watcher.observe(root, { childList: true, subtree: true });
    watchers.set(root, watcher);
  },
  updated: (root, { value }) => root.setAttribute('aria-label', value),
  unmounted: (root) => watchers.get(root)?.disconnect(),
};
