import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  tab: 'Calls',
  title: 'Calls and checks',
  view: { callbacks: 'Calls', checks: 'Samples', applications: 'Applications' },
  empty: { callbacks: 'Nobody to call back', checks: 'Nothing to look at', applications: 'No application to decide' },
  emptyHint: { callbacks: 'After a low rating, or where somebody without a phone cannot rate, it is here.', checks: 'Drawn at random each month from what was closed in public areas: go and see whether it is done.', applications: 'Who asks to join a household is here.' },
  reason: { low_rating: 'Low rating', no_answer: 'No answer' },
  due: 'Call by {at}',
  late: 'late',
  open: 'Open the order',
  callback: {
    title: 'Result of the call', do: 'Record the call', outcome: 'Did you reach them?', answered: 'Reached', unreachable: 'Not reached', declined: 'Would not talk', note: 'What you learned (optional)', noteHint: 'Read by the community and the street only', rate: 'Write down their rating', rateHint: 'Only of a person who has not rated and wants to. It is marked as written by you.', save: 'Save',
  },
  check: { title: 'Result of the check', do: 'Record the check', month: 'Closed in {month}', found: 'Is it done?', passed: 'It is done', failed: 'It is not', failedHint: 'The order is opened again and goes back to the handler.', note: 'What you found (optional)', save: 'Save', photo: 'Photos can be added in the order.' },
  application: {
    relation: { owner: 'Owner', occupant: 'Occupant' }, at: 'Applied {at}', show: 'Show name and phone, and record it', shown: 'This look was recorded', note: 'What they say: ', approve: 'Approve', decline: 'Decline', approveTitle: 'Approve?', approveHint: 'They become {relation} of this household; its members are told.', declineTitle: 'Decline', declineHint: 'They read the reason and may apply again.', reason: 'Reason', why: { no_proof: 'No proof', wrong_unit: 'Wrong dwelling', not_on_roll: 'Not on the roll', unknown: 'Something else' }, decided: 'Decided', changed: 'This application has just changed; it is shown now.',
  },
  saved: 'Recorded',
  kept: 'Kept on the phone; sent when there is a signal',
} satisfies Translation<typeof zh>;
