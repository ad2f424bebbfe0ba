import type { Paths } from '@redproperty/shared/api/client';

export type Kind = NonNullable<NonNullable<Paths['/api/v1/organisations']['get']['parameters']['query']>['kind']>;

/** Kinds of organisation in the order of a list, the operator apart: it is entered with the installation. */
export const kinds: Exclude<Kind, 'operator'>[] = ['street_party', 'street_office', 'community_party', 'residents_committee', 'company', 'committee', 'property_committee', 'department', 'utility', 'contractor'];

const roles: Record<Kind, readonly ('street_party' | 'street_office' | 'community' | 'community_work' | 'manager' | 'worker' | 'committee' | 'department' | 'utility' | 'operator')[]> = {
  street_party: ['street_party'], street_office: ['street_office'], community_party: ['community', 'community_work'], residents_committee: ['community', 'community_work'],
  company: ['manager', 'worker'], committee: ['committee'], property_committee: ['committee'], department: ['department'], utility: ['utility'], contractor: ['utility'], operator: ['operator'],
};

/** The roles that a post in an organisation of a kind can carry. */
export const rolesOf = (kind: string) => roles[kind as Kind] ?? [];

/** Whether it stands for the owners of a place, so that a post in it rests on an election. */
export const ownersBody = (kind: string) => kind === 'committee' || kind === 'property_committee';

/** Where an organisation of a kind is competent, or whose street keeps its record. */
export function areaKinds(kind: string): ('street' | 'community' | 'service_area')[] {
  if (kind === 'community_party' || kind === 'residents_committee') return ['community'];
  return ownersBody(kind) ? ['service_area'] : ['street'];
}

/** The kinds of cross-appointment, with the kinds of organisation at both ends. */
export const crossings = {
  part_time_member: { homes: ['company', 'committee', 'property_committee'], hosts: ['community_party', 'residents_committee'] },
  supervisor: { homes: ['community_party', 'residents_committee'], hosts: ['company'] },
  party_guide: { homes: ['street_party', 'community_party'], hosts: ['company', 'committee', 'property_committee'] },
  part_time_grid: { homes: ['company'], hosts: ['residents_committee'] },
} as const satisfies Record<string, { homes: Kind[]; hosts: Kind[] }>;
export type Crossing = keyof typeof crossings;

/** Why a post or a cross-appointment can be ended by a person. */
export const endReasons = ['resigned', 'dismissed', 'transferred', 'recalled', 'entered_wrong'] as const;

/** The last moment of a day in China, for a term that ends with it. */
export const endOfDay = (day: string) => `${day}T23:59:59+08:00`;
