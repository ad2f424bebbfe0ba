import { nextTick, onScopeDispose, watch, type Ref } from 'vue';

const reachable = 'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';

/** Where Tab leads from `from`: round the ends of the dialog, or undefined where the browser's own way stays inside. */
export function roundTheEnds(all: HTMLElement[], from: Element | null, backwards: boolean): HTMLElement | undefined {
  const [first, last] = [all[0], all[all.length - 1]];
  const inside = all.some((e) => e === from);
  if (!first || !last) return undefined;
  if (backwards) return from === first || !inside ? last : undefined;
  return from === last || !inside ? first : undefined;
}

/**
 * Keeps the keyboard inside a dialog while it is shown: the focus goes into it, Tab goes round in it, Escape closes it, and
 * afterwards the focus is where it was.
 */
export function useFocusTrap(dialog: Ref<HTMLElement | undefined>, shown: () => boolean, close: () => void): void {
  let before: Element | null = null;

  function onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') close();
    if (event.key !== 'Tab' || !dialog.value) return;
    const all = Array.from(dialog.value.querySelectorAll<HTMLElement>(reachable)).filter((e) => e.offsetParent !== null || e.classList.contains('visually-hidden'));
    const target = roundTheEnds(all, document.activeElement, event.shiftKey);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  function release(): void {
    document.removeEventListener('keydown', onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    before = null;
  }

  watch(shown, async (open, was) => {
    if (!open) {
      if (was) release();
      return;
    }
    before = document.activeElement;
    document.addEventListener('keydown', onKey);
    await nextTick();
    dialog.value?.focus();
  }, { immediate: true });
  onScopeDispose(release);
}
