/** How long what was pasted would have made a field, where that is more than it takes; undefined where all of it fits. */
export function tooLong(field: EventTarget | null, pasted: string): { had: number; most: number } | undefined {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.maxLength < 0) return undefined;
  const chosen = Math.abs((field.selectionEnd ?? 0) - (field.selectionStart ?? 0));
  const had = field.value.length - chosen + pasted.length;
  return had > field.maxLength ? { had, most: field.maxLength } : undefined;
}

/** A browser cuts what is pasted to what the field takes and says nothing: this does, in the whole application. Gives back what ends that. */
export function tellOfCutPastes(say: (cut: { had: number; most: number }) => void): () => void {
  const hear = (event: ClipboardEvent): void => {
    const cut = tooLong(event.target, event.clipboardData?.getData('text/plain') ?? '');
    if (cut) say(cut);
  };
  document.addEventListener('paste', hear);
  return () => document.removeEventListener('paste', hear);
}
