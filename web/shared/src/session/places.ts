import type { Capacity } from './session';

/** Roles whose holders live in the estate, and roles that are on their feet: both are at home on the phone. */
export const householdRoles = ['owner', 'occupant', 'helper'];
export const phoneRoles = [...householdRoles, 'worker'];

/** Which application a person begins in: the phone's for residents and workers, the desk for those who hold other posts. */
export function homeOf(roles: string[]): 'resident' | 'desk' {
  return roles.length === 0 || roles.some((r) => phoneRoles.includes(r)) ? 'resident' : 'desk';
}

/** Whether a person has any business at the desk. */
export function worksAtDesk(capacities: Pick<Capacity, 'role'>[]): boolean {
  return capacities.some((c) => !householdRoles.includes(c.role));
}
