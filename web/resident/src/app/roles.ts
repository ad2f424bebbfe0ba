export const householdRoles = ['owner', 'occupant', 'helper'];
/** Who works on foot and has pages for it on the phone. */
export const fieldRoles = ['worker', 'manager', 'community', 'community_work'];
/** Who calls residents back and looks at a sample of what was closed. */
export const communityRoles = ['community', 'community_work'];
