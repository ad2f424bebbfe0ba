const fields = 'input:not([type=file], [type=hidden], :disabled), textarea:not(:disabled), select:not(:disabled)';
const met = new WeakSet<Element>();

/** The field that a dialog begins with; none where that is a date, whose calendar would lie over the rest. */
function firstField(dialog: HTMLElement): HTMLElement | undefined {
  const all = [...dialog.querySelectorAll<HTMLInputElement>(`.el-dialog__body :is(${fields})`)];
  const first = all[0];
  if (!first || first.closest('.el-date-editor')) return undefined;
  return first.type === 'radio' ? (all.find((f) => f.name === first.name && f.checked) ?? first) : first;
}

/**
 * A dialog that opens is given to its frame by the library; the person wants to write. Goes on to the first field, once
 * for each dialog, so that a press on its ground later moves nothing. Fingers are left alone: a keyboard on the glass would hide the dialog.
 */
function begin(event: FocusEvent): void {
  const dialog = event.target;
  if (!(dialog instanceof HTMLElement) || !dialog.classList.contains('el-dialog') || met.has(dialog)) return;
  met.add(dialog);
  if (matchMedia('(pointer: coarse)').matches) return;
  setTimeout(() => { // the library gives it to the frame a second time
    if (document.activeElement === dialog) firstField(dialog)?.focus({ preventScroll: true });
  });
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
  document.addEventListener('keydown', hold, true);
  document.addEventListener('keydown', leave, true);
  return () => {
    document.removeEventListener('focusin', begin);
    document.removeEventListener('keydown', hold, true);
    document.removeEventListener('keydown', leave, true);
  };
}
