/** Which jobs are listed. */
export type View = 'mine' | 'intake' | 'waiting' | 'all';

/** The lists that a person has use for: what waits for them first. */
export function viewsOf(roles: string[]): View[] {
  if (roles.includes('manager')) return ['intake', 'mine', 'all'];
  if (roles.includes('community') || roles.includes('community_work')) return ['waiting', 'all'];
  return ['mine', 'all'];
}

/** What the API is asked for. */
export function filterOf(view: View): { mine?: boolean; open?: boolean; waitingForMe?: boolean; state?: string[] } {
  switch (view) {
    case 'mine': return { mine: true, open: true };
    case 'intake': return { state: ['reported', 'accepted'] };
    case 'waiting': return { waitingForMe: true };
    case 'all': return { open: true };
  }
}
