/** A choice kept in this browser. Where the browser keeps nothing (private mode), it lasts as long as the page. */
export function remembered(key: string, fallback: string) {
  let held = fallback;
  return {
    get(): string {
      try {
        return localStorage.getItem(key) ?? fallback;
      } catch {
        return held;
      }
    },
    set(value: string): void {
      held = value;
      try {
        if (value === fallback) localStorage.removeItem(key); // nothing tells that there was something
        else localStorage.setItem(key, value);
      } catch {
        // Storage is full or forbidden: the choice lasts until the page is closed.
      }
    },
  };
}
