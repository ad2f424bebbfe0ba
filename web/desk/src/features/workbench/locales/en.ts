import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Workbench',
  hint: 'What is to be done today',
  none: 'You hold no post yet',
  noneHint: 'Ask your organisation to enter your post. Residents use the phone pages.',
  unread: 'Unread messages', all: 'All',
  tile: { waiting: 'Waiting for me', overdue: 'Overdue', soon: 'Due within 24 hours', callbacks: 'Call-backs', checks: 'Checks', statements: 'Statements', queue: 'Street’s queue', applications: 'Applications to join', audits: 'Scores to audit' },
  atLeast: '{n}+',
  waiting: { title: 'Waiting for me', none: 'Nothing waits for you', noneHint: 'As soon as an order is your move, it appears here.', all: 'All' },
  overdue: { title: 'Overdue', none: 'Nothing is overdue' },
  soon: { title: 'Due soon', none: 'Nothing is due within 24 hours' },
  since: { title: 'Since yesterday', reported: '{n} reported', closed: '{n} closed', moved: '{n} moved on', partial: 'among the latest {n}' },
  guide: {
    title: 'First steps: {role}', dismiss: 'Got it', more: 'Open this again from the menu at the top right. Ctrl K searches, ? shows the keys.',
    street_office: { order: { title: 'The street queue', hint: 'Orders that nobody moves come here; press them one by one.' }, round: { title: 'Plan a survey', hint: 'Choose estates, questionnaire and time; the roll is posted before ballots are drawn.' }, contract: { title: 'Deadlines of contracts', hint: 'Filing, expiry and hand-over of all contracts, the nearest first.' }, works: { title: 'Carry a renovation on', hint: 'Each stage says what it still needs; owners decide before anything is built.' } },
    street_party: { audit: { title: 'Audit scores', hint: 'Begin with the riskiest round; each flag states its method and its rate of false alarms.' }, rates: { title: 'Monthly rates', hint: 'Each rate opens to its numerator, denominator and orders.' }, trail: { title: 'The audit trail', hint: 'Who changed what, when and in which capacity; nobody can alter it afterwards.' } },
    community: { call: { title: 'Register a caller', hint: 'By keyboard alone, in under a minute.' }, callback: { title: 'Call back and check', hint: 'Call back who is not satisfied; look at what was drawn for a check.' }, roll: { title: 'Places and roll', hint: "The community's roll is what counts for units, owners and occupants." }, vote: { title: "Owners' decisions", hint: 'Notice, roll, ballots and count, step by step; nobody here sees a choice.' } },
    community_work: { call: { title: 'Register a caller', hint: 'By keyboard alone, in under a minute.' }, callback: { title: 'Call back and check', hint: 'Call back who is not satisfied; look at what was drawn for a check.' }, roll: { title: 'Places and roll', hint: "The community's roll is what counts for units, owners and occupants." } },
    manager: { accept: { title: 'Accept orders and dispatch', hint: 'The times promised in the contract run from dispatch.' }, contract: { title: 'Contract and promises', hint: 'Times, fees and promises to the owners stand in the contract.' }, statement: { title: 'Give statements', hint: 'Say truthfully what happened; do not try to find out who reported it.' } },
    worker: { jobs: { title: 'Orders assigned to me', hint: 'On site the phone pages are handier.' }, found: { title: 'Report what you found', hint: 'Register what you saw yourself.' } },
    committee: { contract: { title: 'Contract and performance', hint: 'Terms, deadlines and hand-over are open to you.' }, round: { title: 'Take part in surveys', hint: 'Pledge a secret for the draw; object to a score.' }, vote: { title: "Owners' decisions", hint: 'Propose, announce, count: how a vote is held stands step by step.' }, books: { title: 'Published rates', hint: 'Once a month, with sample and interval.' } },
    department: { accept: { title: 'Accept orders routed to you', hint: 'Dispatch what is yours; return what is not, citing the rule.' }, statement: { title: 'Give statements', hint: 'Say truthfully what happened; do not try to find out who reported it.' } },
    utility: { accept: { title: 'Accept orders routed to you', hint: 'Dispatch what is yours; return what is not, citing the rule.' }, works: { title: 'Renovations you work in', hint: 'Report progress, answer what supervisors found, sign what you built or take over.' }, statement: { title: 'Give statements', hint: 'Say truthfully what happened; do not try to find out who reported it.' } },
    operator: { jobs: { title: 'Background jobs', hint: 'Failed events and messages can be tried again or discarded.' }, limits: { title: 'Rate limits', hint: 'Make an exception with a reason and an end.' }, feedback: { title: 'Answer feedback', hint: 'You answer what users say of the platform itself.' } },
  },
} satisfies Translation<typeof zh>;
