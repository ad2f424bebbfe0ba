import { shallowRef, watchEffect, type Ref } from 'vue';

/** What a promise comes to, made anew when what it depends on changes. */
export function asyncComputed<T>(make: () => Promise<T>): Ref<T | undefined> {
  const value = shallowRef<T>();
  watchEffect((stale) => {
    let current = true;
    stale(() => (current = false));
    void make().then((made) => current && (value.value = made), () => undefined);
  });
  return value;
}
