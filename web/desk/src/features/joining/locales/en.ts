import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Joining households',
  hint: 'Only the community hands out codes; applications and contests are decided by community staff who live elsewhere and have no post in a company or an owners’ body.',
  reason: 'Reason',
  unitGone: 'The unit was changed',
  openUnit: 'Open the unit',
  tab: { applications: 'Applications', contests: 'Contests', codes: 'Joining codes' },
  field: { unit: 'Unit', who: 'Applicant', appliedAt: 'When', step: 'Action', state: 'State', name: 'Name', phone: 'Mobile', note: 'Note', newcomer: 'Contested', joinedAt: 'Joined' },
  state: { pending: 'Waiting', approved: 'Approved', declined: 'Declined', withdrawn: 'Withdrawn' },
  application: {
    see: 'See', seeOf: 'Application for {where}', approve: 'Approve', decline: 'Decline', willApprove: '{name} joins {where}; relation: {relation}. Owners and members are told and may contest within 14 days.', willDecline: 'The applicant sees the reason and may apply again.',
    empty: 'No such applications', emptyHint: 'Residents without a code choose their door on the phone and apply; the community decides here.',
    reasons: { no_proof: 'No proof', wrong_unit: 'The wrong door', not_on_roll: 'Not on the roll of owners', unknown: 'Could not be verified' },
  },
  contest: {
    decide: 'Decide', will: 'Find out first whether {name} belongs to this household. Both sides are told.', outcome: 'Outcome', end: 'Upheld: the membership ends', keep: 'Dismissed: the membership is active again', empty: 'No contests to decide', emptyHint: 'Members contest a newcomer whom they do not know; until it is decided the newcomer has no rights.',
    reasons: { unknown: 'Not known to them', moved_out: 'Moved out', entered_wrong: 'Entered by mistake' },
  },
  member: { remove: 'End the membership', will: '{name} can no longer act for this household, at once. What happened stays on record.', reasons: { moved_out: 'Moved out', sold: 'The unit was sold', deceased: 'Deceased', entered_wrong: 'Entered by mistake', unknown: 'Could not be verified' } },
  helper: { title: 'A helper for {name}', will: 'Read the following to the member, and enter the helper once they agree. They can end it at any time.', name: 'Name of the helper', phone: 'Mobile of the helper', channel: 'How they agreed', desk: 'In person', paper: 'On paper', add: 'Enter' },
  code: {
    hint: 'One code for each unit, good for 60 days and one use. The community prints and delivers them, never through the company or the committee.', open: 'Open', used: 'Used', expired: 'Expired', voided: 'Void', make: 'Make and print', makeFor: 'Make codes for {name}',
    willMake: 'Makes one code for every unit of this building. They are shown this once: print them now.', willReplace: '{n} codes are not used yet; they are void from then on, and slips that were delivered no longer work. The new ones are shown this once: print them now.', willOne: 'Makes a code for this unit; one before that was not used is void. It is shown this once.',
    sheet: 'Joining sheet ({n} units)', print: 'Print', once: 'Once closed, these codes cannot be seen again, only made anew.', closeTitle: 'Not printed yet', closeWarn: 'Once closed, these codes cannot be seen again, only made anew. Close?', qrOf: 'QR code of {name}',
    howTo: 'Scan it, or enter this code on the phone, to join your household. It works once, until {on}.', keep: 'Issued by the community; nobody else may ask for it.', empty: 'No buildings yet', emptyHint: 'Enter buildings and units first, then make a code for each unit.',
  },
} satisfies Translation<typeof zh>;
