import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue';

/** Whether the person is writing, so that a letter is a letter. */
function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) && !/^(?:checkbox|radio)$/.test(target.getAttribute('type') ?? '');
}

/** Whether a dialog asks something, so that the page behind it stays quiet. */
function asked(): boolean {
  return [...document.querySelectorAll<HTMLElement>('.el-overlay')].some((o) => o.style.display !== 'none' && o.querySelector('.el-dialog, .el-message-box') !== null);
}

/** Single keys of a page: useKeys({ j: next, '?': help }). Letters are heard only where nobody is writing and no dialog is open. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const hear = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || writing(event.target) || asked()) return;
    const act = keys[event.key];
    if (!act) return;
    if (event.key === 'Enter' && event.target instanceof HTMLElement && event.target.closest('a, button, summary')) return;
    event.preventDefault();
    act(event);
  };
  onMounted(() => document.addEventListener('keydown', hear));
  onBeforeUnmount(() => document.removeEventListener('keydown', hear));
}

/** A key and what it does, in words. */
export type KeyWords = [key: string, words: string];

/** The keys of the page that is open, for the help. */
export const pageKeys = shallowRef<() => KeyWords[]>(() => []);
/** Whether the help is shown. */
export const keyHelp = ref(false);

/** Says in the keyboard help what the page's keys do, as long as the page is open. */
export function useKeyWords(words: () => KeyWords[]): void {
  onMounted(() => (pageKeys.value = words));
  onBeforeUnmount(() => {
    if (pageKeys.value === words) pageKeys.value = () => [];
  });
}
