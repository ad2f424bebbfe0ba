import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Call-backs and checks',
  hint: 'Ask those who were not satisfied or have no phone; look at a sample of what was closed in public areas',
  tab: { callbacks: 'Call-backs', checks: 'Checks', remarks: 'What residents say' },
  state: { open: 'To do', done: 'Called', passed: 'Passed', failed: 'Failed' },
  column: { order: 'Order', reason: 'Why', due: 'By', outcome: 'Outcome', drawn: 'Drawn', month: 'Month', note: 'Note' },
  reason: { low_rating: 'Not satisfied', no_answer: 'No phone, no answer' },
  outcome: { answered: 'Answered', unreachable: 'Could not be reached', declined: 'Did not want to answer' },
  record: 'Record the call',
  check: 'Record the check',
  form: { outcome: 'What came of it', note: 'Note', noteHint: 'For the community and the street alone', found: 'What you found', passed: 'It is done', failed: 'It is not done', failedHint: 'The order is reopened and goes back to its handler', finding: 'On site', rate: 'Write down a rating', saved: 'Recorded' },
  empty: { callbacks: 'Nobody to call back', callbacksHint: 'A rating of 2 or less, “not solved”, or a caller without a number brings an order here.', checks: 'Nothing to check', checksHint: 'Drawn at random each month from what was closed in public areas.', remarks: 'No words were passed on yet', remarksHint: 'With a rating, residents may agree that their words go to the handler, who reads them in batches of whole months, without order and score.' },
  remarksHint: 'Words that residents agreed to pass on; no score, no name.',
  batched: 'Shown in batches of whole months, so that nobody can be told from them.',
  none: '–',
} satisfies Translation<typeof zh>;
