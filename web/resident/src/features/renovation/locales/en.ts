import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Renovation',
  none: 'No renovation yet',
  noneHint: 'Once the street office or the community proposes one, what is done, what it costs and when it is finished stand here.',
  comma: ', ',
  colon: ': ',
  step: 'step {n} of {of}',
  built: 'Built so far',
  waits: 'Before “{stage}” begins: ',
  why: 'Why it is needed',
  grave: 'danger',
  withdrawnFor: 'Withdrawn: ',
  budget: 'Cost of the plan',
  accepted: 'Accepted',
  warranty: 'Warranty until',
  ring: 'Ring the office in charge',
  who: { sponsor: 'Office in charge', contractor: 'Contractor', contract: 'Price of the works', tender: 'Tender', former: 'Works contracts that were ended', ended: 'Ended {at}; agreed for {price}, settled at {settled}' },
  wishes: 'Say what you wish',
  wishesHint: 'Whether, what, how, and who looks after it later; without your name',
  results: 'Say how it turned out',
  resultsHint: 'What is good and what is not; without your name',
  items: 'What is done',
  noItems: 'The plan is still being drawn up.',
  acceptedOn: 'accepted {at}',
  acceptedAt: 'Accepted',
  plans: { title: 'Plan and changes', now: 'version {n} is in force', version: 'Version {n}' },
  money: {
    title: 'Money', mine: 'Your home bears', noShare: 'Nothing falls on your home, or nothing is divided yet.', byArea: 'Divided by exclusive area; all homes together make the sum to the fen.', all: 'Every amount', allHint: 'Each with the number of its document', bySource: 'By source', total: 'Together', entries: 'Amounts', noEntries: 'No amounts yet', reversed: 'corrects an earlier one',
  },
  time: { title: 'Milestones', planned: 'planned {at}', reached: 'reached {at}', expected: 'expected {at}', late: '{n} days late' },
  diary: { title: 'Site diary', none: 'Nothing written yet.', all: 'All days', photo: '{day}, photo {n}', large: 'The photo enlarged' },
  speak: { title: 'What residents say', label: 'Your word', hint: 'Wishes, and what goes wrong on the site', private: 'Nobody sees who you are. Please write no name, flat number or phone number. Other residents read it once it is answered.', sent: 'Sent; the community or the street office answers', none: 'Nothing public yet.', mine: 'yours', answer: 'Answer: ', waits: 'Waits for an answer' },
  supervise: {
    title: 'Resident supervisors', count: 'Residents who look after the works: {n}.', hint: 'Whoever lives here and works for neither the contractor nor the property company may volunteer; the committee or the community confirms. Supervisors look at the site, record what is wrong, and sign for the residents.', volunteer: 'Volunteer', volunteered: 'You have volunteered; the owners\' side will confirm.', confirmed: 'You are a resident supervisor.', leave: 'Step down', leaveHint: 'You may step down at any time. What you signed stands.', reason: 'Reason',
    find: 'Record what is wrong', kind: 'Kind', what: 'What', more: 'More about it', record: 'Record it for the contractor', sent: 'The contractor has the order',
  },
  item: { title: 'Item', gone: 'The item is no longer in the plan', quantity: 'How much', paid: 'Paid', days: 'Days', consent: 'Owners', count: 'Count', vote: 'Owners\' vote: {state}', voteHint: 'What is decided, how to vote, the result', heads: '{day}: {joined} of {total} took part, {favour} agreed', few: 'Passed on {day}. So few took part that the count is not published: it would give single votes away.' },
  check: { least: 'At least {n} resident supervisors sign for the residents.', title: 'Acceptance', open: 'not looked at', signed: 'Signatures', nobody: 'Nobody has signed.', notYet: 'You can sign once everything is built, looked at and in order.', sign: 'Sign for the residents', signHint: 'It says that you have seen it and that it is in order. A signature cannot be taken back.', fail: 'What is wrong', failHint: 'The contractor gets a work order; then it is looked at again.', note: 'What you found', record: 'Record' },
  fund: {
    title: 'Maintenance fund', list: 'Use of the maintenance fund', path: 'Path', firm: 'Firm', settled: 'What it cost', done: 'Done on', posted: 'Posted', drawn: 'Drawn on', noShare: 'Your home bears nothing of it.', budget: 'Budget', bears: 'Whose homes bear it', whole: 'The whole service area', saw: 'What you saw', seen: 'Seen on site', notSeen: 'An owner concerned, the owners\' side and the firm must all see it on site.', objections: 'Objections',
    verify: 'I have seen it on site', verifyHint: 'Say what you saw. Once an owner concerned, the owners\' side and the firm have, it is repaired at once.', object: 'Object', objectHint: 'Nobody sees who you are. No money is drawn before objections are answered.', words: 'Your words',
  },
  public: {
    title: 'Renovation notice', place: 'Place', phone: 'Telephone', supervisors: '{n}', asOf: 'As of {at}', qr: 'QR code of this page', scan: 'Scan for the latest', done: '{n}% built', because: ' ({why})', note: 'This page names no person. Anybody may read it and pass it on.', print: 'Print the notice', inside: 'Log in to speak and to see your share', share: 'Public notice', shareHint: 'Without a log-in, to pass on and to print',
  },
} satisfies Translation<typeof zh>;
