const pressed = 'a[href], button:not(:disabled), summary';
/** What had the focus last and what it stood in, nearest first. Dialogs and menus come and go; what opened them counts. */
let way: HTMLElement[] = [];

function remember(event: FocusEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || at.closest('.el-dialog, .el-message-box, .el-popper')) return;
  way = [];
  for (let e: HTMLElement | null = at; e && e !== document.body; e = e.parentElement) way.push(e);
}

/** Who presses on the ground wants no focus anywhere. */
const forget = (): void => { way = []; };

const there = (e: HTMLElement): boolean => e.isConnected && e.getClientRects().length > 0;

/** Gives the focus to what is left where it was: the next button of the same group, or the group itself. */
function restore(): void {
  const [last] = way;
  if (document.activeElement !== document.body || !last || there(last) || matchMedia('(pointer: coarse)').matches) return;
  const left = way.find(there);
  if (!left) return;
  const goal = left.id === 'content' ? left : (left.querySelector<HTMLElement>(pressed) ?? left);
  if (goal.tabIndex < 0 && !goal.hasAttribute('tabindex')) {
    goal.tabIndex = -1;
    goal.style.outline = 'none'; // a frame around half the page would say nothing
    goal.addEventListener('blur', () => {
      goal.removeAttribute('tabindex');
      goal.style.outline = '';
    }, { once: true });
  }
  goal.focus({ preventScroll: true });
}

/**
 * A step that was taken takes its button away, and with it the focus: whoever works with the keyboard would begin the page anew.
 * In the whole application the focus stays where it was. Gives back what ends that.
 */
export function keepFocus(): () => void {
  const watcher = new MutationObserver(restore);
  watcher.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', remember);
  document.addEventListener('pointerdown', forget, true);
  return () => {
    watcher.disconnect();
    document.removeEventListener('focusin', remember);
    document.removeEventListener('pointerdown', forget, true);
    forget();
  };
}
