import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Background jobs',
  hint: 'What the program does by itself. Of several servers one at a time does each job.',
  running: 'Jobs', fine: 'Fine', failing: 'Failing', elsewhere: 'Not yet here',
  column: { name: 'Job', state: 'State', last: 'Last round', rounds: 'Rounds' },
  job: {
    audit_seal: 'Seals the audit trail into the ledger', checkpoint_push: 'Sends checkpoints outside', sweep: 'Forgets what has expired', posts_due: 'Ends posts that are due', outbox: 'Turns events into messages', notify_texts: 'Sends SMS', notify_webhooks: 'Calls webhooks', notify_sweep: 'Forgets old messages', privacy_expire: 'Clears who left long ago', workorder_forget: 'Clears words of orders whose time is over',
    report_seal: 'Seals published months', contract_reminders: 'Reminds of contract deadlines', survey_rounds: 'Opens and closes survey rounds', survey_seal: 'Seals surveys daily', survey_examine: 'Examines survey rounds', imports: 'Imports files', import_sweep: 'Forgets imported files',
    vote_advance: "Opens, closes and counts owners' decisions", vote_seal: "Seals owners' decisions", renovation_warnings: 'Warns of renovation deadlines',
    workorder_answers: 'Reminds reporters to confirm', workorder_sample: 'Draws the sample of checks', workorder_escalate: 'Escalates late orders', workorder_weather: 'Moves times for extreme weather', workorder_orphans: 'Removes photos of no order',
  },
  channel: { sms: 'SMS', sms_digest: 'SMS digest', caller_link: 'SMS to a caller', webhook: 'Webhook', webhook_digest: 'Webhook digest' },
  error: {
    timeout: 'timed out', internal: 'failed inside; see the log', panic: 'failed inside; see the log', unavailable: 'the other side is away', unreachable: 'no connection', sms: 'the SMS gateway failed', unsealing: 'the key is not there', address_refused: 'the address may not be called', answer_unreadable: 'the answer cannot be read', channel: 'no such channel', kind: 'no such message', payload: 'incomplete', unfinished: 'not finished', answered: 'the other side answered {code}', robot: 'the robot answered {code}', sms_budget: "the month's SMS budget is used up",
  },
  dead: {
    title: 'Not delivered', hint: 'Events and messages that failed again and again and are no longer tried. Their text is not shown.', empty: 'Nothing was given up', emptyHint: 'What was given up while the SMS gateway or a webhook was away is listed here.',
    kind: { event: 'Event', delivery: 'Message' }, facts: 'Made {at}, tried {n} times: {why}', repeat: 'Try again', repeated: 'Queued again', discard: 'Discard',
    will: { event: 'Nobody is told of this any more, and it cannot be undone. What happened is not affected.', delivery: 'It is no longer sent this way, and that cannot be undone. It stays in the inbox of who it is for.' },
  },
} satisfies Translation<typeof zh>;
