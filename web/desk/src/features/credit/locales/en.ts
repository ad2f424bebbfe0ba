import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Company credit',
  hint: 'Credit records and grades of property companies, kept by the street office',
  company: 'Company', code: 'Unified social credit code', noCompany: 'No property company yet', noCompanyHint: 'Companies at work in the street are listed here.',
  rules: 'Rules', source: 'By {source}', done: 'Done', now: 'Grade now', record: 'Record', published: 'Published grades', publishedHint: 'Each names the rules and the record it came from, and can be computed again at any time.', notPublished: 'None was published.', numbered: 'No. {n}, {at}',
  points: '{n} points', asOf: 'as of {at}', atMost: 'at most {n}', from: '≥{n}', below: '<{n}', badItems: '{n} item | {n} items', survey: '{n} answers of {of} dwellings', held: '{n} under appeal do not count for now.', withoutParty: '{n} points without it ({grade})', notEnrolled: 'It does not take part in this credit system: missing, which is not zero.',
  status: { by_score: 'By score', no_data: 'Insufficient data', blacklisted: 'Blacklisted' },
  part: { basic: 'Basic', good: 'Good', bad: 'Bad', party: 'Party building, apart', survey: 'Survey score' },
  kind: { basic: 'Basic', good: 'Good', bad: 'Bad', blacklist: 'Blacklist' },
  state: { noticed: 'Told, to be decided', in_force: 'Counts', dropped: 'Dropped', appealed: 'Under appeal', overturned: 'Appeal was right', ended: 'Ended' },
  party: 'Party building', serious: 'serious: counts until rectified',
  valid: 'valid {from} to {until}', validOpen: 'valid from {from}', replyUntil: 'the company may reply until {at}', appealUntil: 'the company may appeal until {at}',
  said: { reply: 'Reply of the company', reasons: 'Reasons', appeal: 'Appeal', appealReasons: 'Reasons on the appeal', end: 'Ended on {at}' },
  step: { reply: 'Reply', decide: 'Decide', appeal: 'Appeal', rule: 'Decide the appeal', end: 'End' },
  will: { reply: 'Once only, and it cannot be changed.', decide: 'By another person than gave notice; against the company not before it replied or the time for that is over.', appeal: 'While it is open the item does not count. Once only.', rule: 'By a person who neither gave notice nor decided.', end: 'From that day on it does not count; published grades stay as they were.' },
  outcome: 'Decision', accept: 'Enter it', drop: 'Do not enter it', appealRight: 'The appeal is right: the item falls', appealWrong: 'The item stays', endOn: 'First day on which it does not count', reason: 'Reason',
  enter: {
    title: 'Enter a fact', name: 'Title', act: 'Give notice', kind: 'Kind', points: 'Points', reference: 'Number of the document', evidence: 'What shows it, and where it is kept', validFrom: 'Counts from', validUntil: 'Until (by the rule where empty)', serious: 'Serious: counts until it is rectified',
    hint: 'It counts once another person has decided. No personal data.', against: 'The company has {n} working days to reply; after that, or its reply, another person decides. No personal data.',
  },
  pointsForm: 'A number with two decimals at most',
  enrol: 'Record that it takes part', leave: 'Record that it takes part no longer', enrolWill: 'From now on; published grades stay as they were.', publish: 'Publish the grade', publishWill: 'Everybody sees the company, its grade, score and parts, with Party building apart. It cannot be taken back.',
  recomputes: 'computes again to the digit', recomputesNot: 'does not compute again: look into it',
  noItem: 'Nothing on record', noItemHint: 'Each entry needs a document and evidence, and counts once another person has decided.',
} satisfies Translation<typeof zh>;
