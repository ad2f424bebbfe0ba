import { onScopeDispose, ref, watch, type Ref } from 'vue';

import { unreachable, type ApiError } from '@redproperty/shared/api/problem';

import { pause } from './replay';
import { useDevice } from './state';

/** What is repeated by itself: one action of a person, on the page where they did it. */
interface Doing {
  error: Ref<ApiError | undefined>;
  busy: Ref<boolean>;
}

/**
 * Repeats what found nobody, for as long as the page is open: as soon as the device has a network again, and every so often in
 * between. Tells whether it is at that, and stops where that is made false. The action must be one that a repetition does not double. Called in setup.
 */
export function useAgain({ error, busy }: Doing, repeat: () => Promise<unknown>): Ref<boolean> {
  const device = useDevice();
  const away = ref(false);
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    clearTimeout(timer);
    if (away.value && !busy.value && device.online) void repeat();
  };

  watch(busy, (now) => {
    if (now) return clearTimeout(timer);
    away.value = error.value?.code === unreachable;
    tries = away.value ? tries + 1 : 0;
    if (away.value) timer = setTimeout(again, pause(tries));
  });
  watch(() => device.online, again);
  onScopeDispose(() => clearTimeout(timer));
  return away;
}
