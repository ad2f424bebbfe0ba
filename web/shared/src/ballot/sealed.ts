const most = 20;
const pause = 500;

/** Looks until what was written just now is in the ledger, which takes seconds; undefined where it is not there after ten. */
export async function untilSealed<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tries = 1; ; tries++) {
    const found = await look();
    if (found !== undefined || tries === most) return found;
    await new Promise((go) => setTimeout(go, pause));
  }
}
