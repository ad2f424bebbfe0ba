import type { Paths, Schemas } from '@redproperty/shared/api/client';

/** What a kind of import needs. The server decides; this asks for what it will want. */
export interface ImportKind {
  name: 'households' | 'estate' | 'divisions' | 'contracts' | 'work-orders' | 'renovation-plans';
  path: keyof Paths & `/api/v1/imports/${string}`;
  /** Permissions, all of which are needed. */
  needs: string[];
  /** What the rows belong to. */
  target: 'service-area' | 'community' | 'own-area' | 'none';
  /** Whether phones may stand in it, for which a legal basis is asked. */
  phones?: boolean;
  /** Whether a file can say what the columns of a foreign table mean. */
  mapping?: boolean;
  /** The page on which what came in is looked at; orders of before stand on none. */
  shown?: 'places' | 'contracts' | 'renovation-lists';
}

export const kinds: ImportKind[] = [
  { name: 'households', path: '/api/v1/imports/households', needs: ['place.manage', 'roll.manage'], target: 'service-area', phones: true, shown: 'places' },
  { name: 'estate', path: '/api/v1/imports/estate', needs: ['place.manage'], target: 'community', shown: 'places' },
  { name: 'divisions', path: '/api/v1/imports/divisions', needs: ['place.manage'], target: 'none', shown: 'places' },
  { name: 'contracts', path: '/api/v1/imports/contracts', needs: ['contract.import'], target: 'service-area', shown: 'contracts' },
  { name: 'work-orders', path: '/api/v1/imports/work-orders', needs: ['workorder.import'], target: 'service-area', mapping: true },
  { name: 'renovation-plans', path: '/api/v1/imports/renovation-plans', needs: ['renovation.import'], target: 'own-area', shown: 'renovation-lists' },
];

/** The tables among files that were dropped, by name; what a spreadsheet program left open beside them is not one. */
export function tablesOf<F extends { name: string }>(files: F[]): F[] {
  return files.filter((f) => /\.(?:csv|xlsx|xls)$/i.test(f.name) && !f.name.startsWith('~$') && !f.name.startsWith('.')).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN', { numeric: true }));
}

export const ended = (run: Pick<Schemas['RunView'], 'state'>) => ['done', 'failed', 'cancelled'].includes(run.state);

/** How far a run is, in hundredths. */
export function progressOf(run: Schemas['RunView'] | undefined): number {
  if (!run) return 0;
  if (ended(run)) return 100;
  return run.rowsTotal > 0 ? Math.min(99, Math.floor((100 * run.rowsDone) / run.rowsTotal)) : 0;
}
