import { ref } from 'vue';

/** Copies words to be pasted elsewhere, and tells how that went: many web views refuse it, and the person has to mark the words. */
export function useCopy() {
  const copied = ref<'no' | 'yes' | 'failed'>('no');
  async function copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text); // there is no clipboard at all without TLS
      copied.value = 'yes';
    } catch {
      copied.value = 'failed';
    }
  }
  return { copied, copy };
}
