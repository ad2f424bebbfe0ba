const pressed = 'a[href], button:not(:disabled), summary';
/** What had the focus last and what it stood in, nearest first. Dialogs and menus come and go; what opened them counts. */
let way: HTMLElement[] = [];
/** The same in the dialog that is open, up to the dialog itself. */
let asked: HTMLElement[] = [];

function remember(event: FocusEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || at.closest('.el-message-box, .el-popper')) return;
  const dialog = at.closest<HTMLElement>('.el-dialog, .van-popup');
  const up: HTMLElement[] = [];
  for (let e: HTMLElement | null = at; e && e !== (dialog?.parentElement ?? document.body); e = e.parentElement) up.push(e);
  asked = dialog ? up : [];
  if (!dialog) way = up;
}

/** Who presses on the ground wants no focus anywhere. */
const forget = (): void => { way = asked = []; };

const there = (e: HTMLElement): boolean => e.isConnected && e.getClientRects().length > 0;
const lost = (): boolean => document.activeElement === document.body && !matchMedia('(pointer: coarse)').matches;

/** A button is off while it works, and loses the focus by that: it has it back once it can be pressed again. */
function returned(changes: MutationRecord[]): boolean {
  const last = asked.some(there) ? asked[0] : way[0];
  if (!last || !there(last) || last.matches(':disabled') || !changes.some((c) => c.type === 'attributes' && c.target === last)) return false;
  last.focus({ preventScroll: true });
  return true;
}

/** Gives the focus to what is left where it was: the next button of the same group, or the group itself; on a new page to its name. */
function restore(changes: MutationRecord[]): void {
  if (!lost() || returned(changes)) return;
  const kept = asked.some(there) ? asked : way;
  if (!kept[0] || there(kept[0])) return;
  const left = kept.find(there);
  if (!left) return;
  const goal = left.id === 'content' ? (left.querySelector<HTMLElement>('h1') ?? left) : (left.querySelector<HTMLElement>(pressed) ?? left);
  if (goal.tabIndex < 0 && !goal.hasAttribute('tabindex')) {
    goal.tabIndex = -1;
    goal.style.outline = 'none'; // a frame around half the page would say nothing
    goal.addEventListener('blur', () => {
      goal.removeAttribute('tabindex');
      goal.style.outline = '';
    }, { once: true });
  }
  const { top, bottom } = goal.getBoundingClientRect();
  goal.focus({ preventScroll: bottom > 0 && top < innerHeight }); // where it is in sight nothing jumps
}

/**
 * A step that was taken takes its button away, and with it the focus: whoever works with the keyboard would begin the page anew.
 * In the whole application the focus stays where it was. Gives back what ends that.
 */
export function keepFocus(): () => void {
  const watcher = new MutationObserver(restore);
  watcher.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
  document.addEventListener('focusin', remember);
  document.addEventListener('pointerdown', forget, true);
  return () => {
    watcher.disconnect();
    document.removeEventListener('focusin', remember);
    document.removeEventListener('pointerdown', forget, true);
    forget();
  };
}
