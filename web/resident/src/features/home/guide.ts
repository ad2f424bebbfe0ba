import { ref } from 'vue';

import { remembered } from '@redproperty/shared/session/remembered';

const kept = remembered('redproperty.resident.guided', '');

/** Whether the short guidance is still to be shown; once dismissed it does not come back on this device. */
export function useGuide() {
  const shown = ref(kept.get() !== 'yes');
  return {
    shown,
    dismiss(): void {
      shown.value = false;
      kept.set('yes');
    },
  };
}
