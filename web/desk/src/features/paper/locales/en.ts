import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Paper and interviewers',
  toRound: 'Back to the round',
  closed: 'Envelopes are handed out, entered and made void only while the round is open.',
  few: 'below 20',
  dwelling: 'Dwelling',
  dwellingHint: 'such as 3号楼2单元501 or 3-2-501',
  dwellingNone: 'No such dwelling',
  wrongCode: '"{code}" is not the whole code of a sheet (20 characters)',
  state: { ordered: 'Ordered, to be printed', signed: 'Signed, to be registered', ready: 'May be handed out' },
  lots: { title: 'Lots of envelopes', hint: 'Each envelope holds a sheet with a code that stands on the paper alone. Who took which is recorded nowhere.', none: 'No envelopes were ordered.', lot: 'Lot {code}', size: '{n} envelopes', taken: '{n} taken', entered: '{n} entered', void: '{n} void' },
  order: { act: 'Order a lot', hint: 'For one group. Envelopes are printed on a machine without a network; the codes are there and on the paper alone.', stratum: 'For which group', of: '{name} ({n} dwellings asked)', size: 'How many', whole: 'A whole number from 1 to 500' },
  step: { order: 'Download the order, carry it to the printing machine without a network, and run there', folder: 'FOLDER', key: 'KEY', keyHint: 'FOLDER is where order.json lies. KEY is the public key under "How to verify" of the audit trail, from a copy that was printed beforehand.', download: 'Download order.json', sign: 'Bring the blinded ballots back to be signed, then carry the downloaded signatures.json there and run', register: 'Bring the list back and register it; then envelopes may be handed out', choose: 'Choose {name}', registered: 'Registered; envelopes may be handed out', wrongFile: 'This is not the {name} that the printing machine wrote' },
  take: { act: 'Record a taking', title: 'Lot {lot}: record a taking', hint: 'That the dwelling took one is recorded, never which. It cannot answer on a phone any more.', done: 'Recorded' },
  void: { act: 'Make returned ones void', title: 'Lot {lot}: make void', will: 'A void code can never be entered; the ledger names it at closing. This cannot be undone.', fate: 'Why', unused: 'Never handed out', spoilt: 'Came back spoilt', replaced: 'Another envelope was given instead', codes: 'Codes of the sheets, one a line', most: 'At most 200 at once', done: '{n} made void' },
  enter: {
    title: 'Enter sheets', hint: 'Two persons key each sheet in, neither seeing the other\'s; it counts when both agree. Neither may hold a post in the rated company. A digit answers a rating and goes on.', code: 'Code of the sheet', codeHint: 'Scan it, or type it as printed. The code stays on this machine and is not sent.', send: 'Send this sheet', clear: 'clear',
    first: 'Kept. Another person keys it in now.', entered: 'Both agree: it counts. Keep this receipt with the sheet:', differ: 'It differs from the first entry. Look at the marked questions on the paper again; if yours are right, the first person keys it in anew.', missing: '{n} places to mend',
  },
  interviewer: {
    title: 'Interviewers', hint: 'They help households without a phone to answer. Answers given with their help are reported apart.', none: 'No interviewer yet.', appoint: 'Appoint an interviewer', number: 'No. {n}', since: 'since {at}', ended: 'ended {at}', dismiss: 'End the work', dismissWill: 'The badge of {name} is worth nothing from then on; what was cast stays.', neutral: 'A natural person without a post in any rated company; all posts of the person are looked at.', organisation: 'Organisation', person: 'Name', unread: 'You may not see the staff of this organisation',
  },
  agreement: { title: 'Dwellings that agree to a visit', hint: 'The community records that a household without an account wants an interviewer; who records is none. The record is gone once the ballot is drawn, so that nothing tells who was helped.', record: 'Record it', withdraw: 'Take it back', recordDone: 'Recorded', withdrawDone: 'Taken back' },
  visits: { title: 'Dwellings that wait for you', hint: 'You are an interviewer of this round. Draw the ballot on your phone when you are there.', none: 'Nobody waits now.' },
} satisfies Translation<typeof zh>;
