import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Whether the device has a network, and whether a newer version of the pages is ready on it. */
export const useDevice = defineStore('device', () => {
  /** What the browser believes. It may be wrong where a line is there and nothing comes through. */
  const online = ref(navigator.onLine);
  const newer = ref(false);
  globalThis.addEventListener('online', () => (online.value = true));
  globalThis.addEventListener('offline', () => (online.value = false));
  return { online, newer };
});
