import type { Schemas } from '../api/client';

export type Stage = Schemas['RenovationView']['state'];

/** The way of every project; a withdrawn one has left it. */
export const stages = ['proposed', 'wishes', 'plan', 'consent', 'funded', 'tendered', 'works', 'acceptance', 'warranty', 'closed'] as const;

/** How far a project has come: 0 is proposed; -1 for a withdrawn one. */
export const stageNumber = (stage: Stage): number => stages.indexOf(stage as (typeof stages)[number]);

export const sources = ['central', 'provincial', 'city', 'district', 'residents', 'maintenance_fund', 'utility', 'property_unit', 'market', 'common_income'] as const;

/** Sources whose money is the owners', so that it is divided among them by area. */
export const shared = (source: string): boolean => source === 'residents' || source === 'maintenance_fund';

export const reasons = ['weather', 'material', 'funding', 'residents', 'design', 'utilities', 'labour', 'findings', 'other'] as const;

/** Hundredths as people write them: 12000 is "120", 180 is "1.8". */
export function plain(hundredths: number): string {
  const digits = String(hundredths).padStart(3, '0');
  const places = digits.slice(-2).replace(/0+$/, '');
  return digits.slice(0, -2) + (places ? `.${places}` : '');
}

/** What is built in per cent, cut down: nothing is called whole before it is. */
export function built(done: number, of: number): number {
  return of === 0 ? 0 : Number((BigInt(done) * 100n) / BigInt(of));
}

/** What is built of a project in per cent, weighted by budget; of one without cost by item. */
export function progress(items: { doneQuantity: number; quantity: number; budgetFen: number }[]): number {
  const budget = items.reduce((sum, i) => sum + i.budgetFen, 0);
  if (items.length === 0) return 0;
  if (budget === 0) return Math.floor(items.reduce((sum, i) => sum + built(i.doneQuantity, i.quantity), 0) / items.length);
  const earned = items.reduce((sum, i) => sum + (BigInt(i.budgetFen) * BigInt(i.doneQuantity)) / BigInt(i.quantity), 0n);
  return Number((earned * 100n) / BigInt(budget));
}

/** Whether a vote about an item or a request is still to come to a result: nobody needs to begin another. */
export const undecided = (vote: Pick<Schemas['Held'], 'state'>): boolean => ['proposed', 'announced', 'roll_posted', 'open', 'extended', 'closed', 'counted'].includes(vote.state);
