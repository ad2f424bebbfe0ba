/** The keys that walk the tree of places. */
const keys = ['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft', 'Home', 'End'];

const names = (tree: HTMLElement) => [...tree.querySelectorAll<HTMLElement>('.name')];
const switchOf = (name: HTMLElement) => name.parentElement?.querySelector<HTMLButtonElement>('button.toggle') ?? undefined;
const above = (name: HTMLElement) => name.closest('ul')?.closest('li')?.querySelector<HTMLElement>('.name') ?? undefined;

function goal(tree: HTMLElement, at: HTMLElement, key: string): HTMLElement | undefined {
  const all = names(tree);
  const beside = (by: number) => all[all.indexOf(at) + by];
  const opener = switchOf(at);
  const open = opener?.getAttribute('aria-expanded') === 'true';
  switch (key) {
    case 'ArrowDown': return beside(1);
    case 'ArrowUp': return beside(-1);
    case 'Home': return all[0];
    case 'End': return all.at(-1);
    case 'ArrowRight':
      if (open) return beside(1);
      opener?.click();
      return at;
    default:
      if (!open) return above(at);
      opener?.click();
      return at;
  }
}

/**
 * Arrows walk the tree: up and down over what is shown, right opens a place or goes into it, left closes it or goes out of it.
 * So the tree is one stop of the Tab key.
 */
export function walkTree(event: KeyboardEvent): void {
  const tree = event.currentTarget as HTMLElement;
  const at = (event.target as HTMLElement).closest<HTMLElement>('.name');
  if (!at || !keys.includes(event.key) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goal(tree, at, event.key)?.focus();
}

/** Where the Tab key comes into the tree: the place where one was, the one whose page is open, or the first. */
export function enterTree(tree: HTMLElement, last: HTMLElement | undefined): HTMLElement | undefined {
  if (last?.isConnected) return last;
  return tree.querySelector<HTMLElement>('[aria-current]') ?? names(tree)[0];
}
