const fields = 'input:not([type=file], [type=hidden], :disabled), textarea:not(:disabled), select:not(:disabled)';
const met = new WeakSet<Element>();

/** The field that a dialog begins with: what is chosen already, where it is a choice. */
function firstField(dialog: HTMLElement): HTMLElement | undefined {
  const all = [...dialog.querySelectorAll<HTMLInputElement>(`.el-dialog__body :is(${fields})`)];
  const first = all[0];
  return first?.type === 'radio' ? (all.find((f) => f.name === first.name && f.checked) ?? first) : first;
}

/** Where a dialog without fields begins: at what it was opened for, or at the way back where that cannot be undone. */
function firstButton(dialog: HTMLElement): HTMLElement | undefined {
  const buttons = [...dialog.querySelectorAll<HTMLElement>('.el-dialog__footer button:not(:disabled)')];
  const main = buttons.find((b) => b.classList.contains('el-button--primary'));
  return main ?? buttons[0] ?? dialog.querySelector<HTMLElement>('.el-dialog__body :is(a[href], button:not(:disabled))') ?? undefined;
}

/** Whether a field of the dialog is still on its way, as a date is the first time: its file is fetched when it is needed. */
const awaited = (dialog: HTMLElement): boolean => [...dialog.querySelectorAll('.el-dialog__body .el-form-item__content')].some((c) => c.childElementCount === 0);

/** Gives the focus on. The next Enter is not for the answer while the field before it is still to come. */
function goOn(dialog: HTMLElement, waits: number): void {
  if (document.activeElement !== dialog) return;
  if (waits > 0 && awaited(dialog)) setTimeout(() => goOn(dialog, waits - 1), 50);
  else (firstField(dialog) ?? firstButton(dialog))?.focus({ preventScroll: true });
}

/** A drawer that opens is given to an empty element by the library: its title says what has opened, and the next Tab goes on from there. */
function beginAtTitle(empty: HTMLElement): void {
  const title = empty.closest('.el-drawer')?.querySelector<HTMLElement>('.el-drawer__title');
  if (!title) return;
  title.tabIndex = -1;
  setTimeout(() => { if (document.activeElement === empty) title.focus({ preventScroll: true }); });
}

/**
 * A dialog that opens is given to its frame by the library; the person wants to write or to answer. Goes on to the first field or button, once
 * for each dialog, so that a press on its ground later moves nothing. Fingers are left alone: a keyboard on the glass would hide the dialog.
 */
function begin(event: FocusEvent): void {
  if (event.target instanceof HTMLElement && event.target.classList.contains('el-drawer__sr-focus')) return beginAtTitle(event.target);
  const dialog = event.target;
  if (!(dialog instanceof HTMLElement) || !dialog.classList.contains('el-dialog') || met.has(dialog)) return;
  met.add(dialog);
  if (matchMedia('(pointer: coarse)').matches) return;
  setTimeout(() => goOn(dialog, 20)); // the library gives it to the frame a second time
}

/** Tab comes round to the other end of a dialog that is taller than the window; the library keeps it from scrolling there. */
function show(event: FocusEvent): void {
  const at = event.target;
  if (!(at instanceof HTMLElement) || !at.closest('.el-dialog, .el-drawer')) return;
  const { bottom, top } = at.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) at.scrollIntoView({ block: 'center' });
}

/** The Enter that opened a dialog is not yet the one that sends it, however long it is held down. */
function hold(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('.el-dialog') && event.target.tagName !== 'TEXTAREA') event.preventDefault();
}

/** Escape leaves a dialog from every field: a list to choose from keeps the key for itself, also where it is not open. */
function leave(event: KeyboardEvent): void {
  const field = event.target;
  if (event.key !== 'Escape' || !(field instanceof HTMLElement) || !field.closest('.el-select') || field.getAttribute('aria-expanded') === 'true') return;
  const dialog = field.closest('.el-dialog');
  if (!dialog) return;
  event.stopPropagation();
  dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }));
}

/** Dialogs begin at their first field and are left with Escape, in the whole application. Gives back what ends that. */
export function beginDialogsAtFields(): () => void {
  document.addEventListener('focusin', begin);
  document.addEventListener('focusin', show);
  document.addEventListener('keydown', hold, true);
  document.addEventListener('keydown', leave, true);
  return () => {
    document.removeEventListener('focusin', begin);
    document.removeEventListener('focusin', show);
    document.removeEventListener('keydown', hold, true);
    document.removeEventListener('keydown', leave, true);
  };
}
