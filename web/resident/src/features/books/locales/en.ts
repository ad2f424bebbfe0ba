import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Open books',
  noHome: 'Join your home first',
  noHomeHint: 'Then the contract of your estate, its promises, how each month went and the survey results stand here.',
  join: 'Join a home',
  who: {
    title: 'Who looks after the estate', handler: 'Run by', ownersRep: 'For the owners', since: 'Since {at}', until: 'Until {at}', basis: 'Basis',
    kind: { contract: 'Service under a contract', continuation: 'Contract ended, service goes on', custody: 'In the community’s custody', emergency: 'Emergency service', self_managed: 'Run by the owners', none: 'Nobody' },
  },
  contract: {
    title: 'Service contract', none: 'No contract is in force now.', number: 'Number', term: 'Term', open: 'no fixed end', feeMethod: 'Fee method', method: { lump_sum: 'Lump sum', commission: 'Commission', trust: 'Trust' },
    kind: { early_stage: 'Early-stage contract', ordinary: 'Service contract' }, fees: 'Fees', perArea: '{price} per m² and month', perUnit: '{price} a month', unit: { residential: 'Homes', commercial: 'Shops', parking: 'Parking', other: 'Other' },
    items: 'Services and standards', promises: 'Public promises', promisesHint: 'What was promised in public is part of the contract.', subcontractors: 'Subcontracted', signed: 'Signed {at}', filed: 'Filed {at}',
  },
  sla: {
    title: 'Promised times', every: 'Every report', group: '{name} (whole group)', both: '{category} ({severity})', severity: { emergency: 'Emergencies', urgent: 'Urgent repairs', normal: 'Ordinary repairs', complex: 'Larger repairs', complaint: 'Complaints', inquiry: 'Questions' },
    accept: 'accepted within {span}', arrive: 'on site within {span}', control: 'made safe within {span}', fix: 'repaired within {span}', working: 'in working hours', also: '; ',
  },
  month: {
    title: 'Service in {month}', none: 'No month has been published yet.', orders: '{reported} reports, {closed} closed, {open} open at the end of the month.', response: 'Accepted in time', arrive: 'On site in time', control: 'Made safe in time', fix: 'Repaired in time',
    of: '{n} of {all}', noLimit: 'Those without an agreed time are not counted.', half: 'Half were closed within {span}.', withheld: 'Too few households rated: nothing is shown, so that nobody can be recognised.', opinion: 'What residents said', earlier: 'Earlier months',
  },
  surveys: { title: 'Satisfaction surveys', none: 'No result has been published yet.', one: 'Published {at}' },
  score: {
    title: 'Survey result',
    of: 'of 100',
    interval: 'With 95 % confidence the true score is between {low} and {high}.',
    asked: '{answers} of {sampled} homes answered, {rate}.',
    roll: '{dwellings} homes on the roll.', leftOut: '{n} were left out since all their adults work for the rated company.', notCast: '{n} drew a ballot and did not cast it.', channels: '{web} over the web, {paper} on paper, {assisted} with help.',
    label: { complete: 'Every home has answered.', all_drawn_answered: 'Every home that was drawn has answered.', if_nonrespondents_alike: 'This holds if those who did not answer think like those who did.', no_answers: 'Nobody answered.' },
    bounds: 'Had all who did not answer given the worst or the best rating, the score would be {low} or {high}.',
    insufficient: 'Too few answers for a score.', withheld: 'Too few answers: only their number is shown, so that nobody can be recognised.',
    tier: { title: 'Tier', excellent: 'Excellent', good: 'Good', fair: 'Fair', weak: 'Weak', poor: 'Poor', undetermined: 'Undetermined: the interval reaches {touched}', insufficient_data: 'Not enough data' },
    change: { title: 'Since the last survey', up: 'Up', down: 'Down', no_detectable_change: 'No detectable change', difference: '{n} points (95 % interval {low} to {high})', first_round: 'This is the first survey.', other_questionnaire: 'The questions or weights differ, so that the two cannot be compared.', insufficient_data: 'Not enough data to compare.', not_trusted: 'One of the two scores was not accepted, so that they cannot be compared.', otherCompany: 'Another company was rated then.' },
    dimensions: 'By subject', weight: 'weight {n}', questions: 'Every question', ratings: '{n} ratings', dontKnow: '{n} don’t know ({share})', mean: 'mean {n} (95 %: {low}–{high})',
    rating: { r1: 'Very dissatisfied', r2: 'Dissatisfied', r3: 'Neither', r4: 'Satisfied', r5: 'Very satisfied' },
    revision: 'As revised, revision {n}',
  },
  audit: {
    title: 'Audits and objections', recomputed: 'Computed again from the public answers, the score is the same.', notRecomputed: 'Computed again, the score differs from the published one.', none: 'No audit and no objection.',
    audit: 'Audit {n}', objection: 'Objection {n}', state: { open: 'under way', concluded: 'concluded, to be decided', decided: 'decided', signed_off: 'signed off' }, outcome: { uphold: 'The score stands', revise: 'The score was revised', reject: 'Not accepted: nothing may rest on this score' },
    by: { company: 'by the company', committee: 'by the owners’ committee', households: 'by households together' }, status: { filed: 'being decided', upheld: 'upheld', dismissed: 'dismissed', withdrawn: 'withdrawn' }, until: 'to be answered before {at}', late: 'late', excluded: '{n} answers left out: {reason}',
  },
  object: {
    title: 'Object to the score', hint: 'Households can object together. Once enough have joined it is filed, and somebody else answers in writing. Who joined is shown to nobody.', gathering: '{n} households have joined so far', mine: 'Join for my home', leave: 'Leave', joined: 'Joined', left: 'Left',
    begin: 'Begin an objection', content: 'Reasons', contentHint: 'At least 10 characters. Only the parties read it. Please give no names.', send: 'Begin', noHome: 'Owners and residents of this estate take part, once they have logged in; a helper does not for them.',
  },
  verify: {
    title: 'Verify it yourself', hint: 'The public bundle has every anonymous answer, the signatures and the ledger. Anybody can compute the score again on a computer, without a network.', download: 'Download the bundle', how: 'How to verify', command: 'On a computer, run:', receipt: 'With a receipt, a household can check its own answers', check: 'Check a receipt',
  },
} satisfies Translation<typeof zh>;
