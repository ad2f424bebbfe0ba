/** The code that a printed link carries behind its #, where no server sees it; "" without one. */
export function codeOf(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, '')).slice(0, 60);
  } catch {
    return '';
  }
}
