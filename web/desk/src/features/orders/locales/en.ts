import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Work orders',
  hint: 'Everything reported that you may see, from report to closing',
  one: 'Order {number}',
  back: 'Back to the list', paused: 'Clock paused',
  openFull: 'Open by itself',
  state: {
    reported: 'Reported', accepted: 'Accepted', dispatched: 'Dispatched', in_progress: 'In progress', resolved: 'Resolved', verified: 'Verified', closed: 'Closed', declined: 'Declined', returned: 'Objection open', deferred: 'Deferred', duplicate: 'Duplicate', cancelled: 'Withdrawn',
  },
  severity: { emergency: 'Emergency', urgent: 'Urgent', normal: 'Normal', complex: 'Complex', complaint: 'Complaint', inquiry: 'Inquiry' },
  source: { resident: 'Resident', desk: 'Front desk', inspection: 'Inspection', hotline: '12345 hotline', import: 'Imported' },
  waiting: { handler: 'Handler', assignee: 'Assigned person', resident: 'Reporter', area: 'Community or street', none: 'Over' },
  stage: { accept: 'Accept', arrive: 'Arrive', control: 'Control', fix: 'Fix', decision: 'Decision', review: 'Review', answer: 'Answer', dispatch: 'Dispatch' },
  via: { arrangement: 'by the arrangement', designated: 'named by the community or the street', community: 'kept by the community' },
  reporterKind: { account: 'Platform user', caller: 'Caller', anonymous: 'Anonymous', staff: 'Inspection', hidden: 'Hidden from you' },
  closedAs: { confirmed: 'Confirmed by the reporter', verified: 'Verified', unanswered: 'No answer in time', imported: 'Imported' },
  timesSource: { promised: 'Promised times', reference: 'Reference times' },
  timesHint: { promised: 'From the table of the service contract', reference: 'From the platform’s dictionary; not a promise' },
  mode: { natural: 'natural time', service: 'counted in daily service hours', office: 'counted in office hours of working days' },
  step: {
    report: 'Reported', followed: 'Another report joined', accept: 'Accept', decline: 'Decline', mark_duplicate: 'Mark as duplicate', cancel: 'Withdraw', route: 'Hand over', dispatch: 'Dispatch', assign: 'Reassign', arrive: 'Arrive', control: 'Under control', note: 'Add a note',
    pause: 'Pause the clock', resume: 'Resume the clock', resolve: 'Resolve', object: 'Object', uphold_objection: 'Uphold the objection', dismiss_objection: 'Dismiss the objection', propose_deferral: 'Ask to defer', approve_deferral: 'Approve the deferral', refuse_deferral: 'Refuse the deferral', take_up: 'Take up again',
    propose_extension: 'Ask for more time', approve_extension: 'Approve more time', refuse_extension: 'Refuse more time', verify: 'Verify', reject_work: 'Reject the work', confirm: 'Confirm solved', dispute: 'Not solved', close: 'Close', remind: 'Reminder to answer', close_unanswered: 'Closed without an answer',
    reopen: 'Reopen', hand_over: 'Moved by hand-over', escalate: 'Escalation', weather: 'Moved by weather', import: 'Imported',
  },
  role: {
    resident: 'Reporter', system: 'System', link: 'Reporter', operator: 'Operator', street_party: 'Street Party committee', street_office: 'Street office', community: 'Community', community_work: 'Community worker', manager: 'Property manager', worker: 'Property worker', committee: 'Homeowner committee', department: 'Department', utility: 'Utility or contractor',
  },
  told: { company: 'property company', community: 'community', street_office: 'street office', street_queue: 'street’s queue' },
  column: { title: 'Matter', severity: 'Severity', place: 'Place', state: 'State', due: 'Due', waiting: 'Waiting for', category: 'Category', reportedAt: 'Reported', updatedAt: 'Last change', source: 'Source', handler: 'Handler', select: 'Select' },
  columns: 'Columns shown',
  filter: {
    search: 'Words, or an order\'s whole number', state: 'State', severity: 'Severity', source: 'Source', category: 'Category', from: 'Reported from', to: 'until', changed: 'Changed since', estate: 'Estate', handler: 'Handler', sort: 'Order', newest: 'Newest', bySort: { newest: 'Newest first', due: 'Due first' }, clear: 'Clear filters', any: 'Any', more: 'More filters', fewer: 'Fewer',
  },
  view: {
    label: 'Views', open: 'Open', waiting: 'Waiting for me', overdue: 'Overdue', mine: 'Assigned to me', all: 'All', closed: 'Closed', own: 'My filters', save: 'Save these filters', name: 'Name', nameHint: 'Kept in this browser, seen by you alone', remove: 'Delete “{name}”', saved: 'Saved', removed: 'Deleted', full: 'At most 20',
  },
  empty: { title: 'No order matches', hint: 'Try other filters, or clear them. What residents report, the front desk takes down and inspections find appears here.' },
  export: 'Export XLSX', exporting: 'Preparing', exported: 'The download has started. The export is recorded.',
  refresh: { changed: '{n} orders have just changed', show: 'Refresh', live: 'Live', away: 'Live updates are interrupted; trying again' },
  keys: {
    show: 'Shortcuts (?)', next: 'Next', previous: 'Previous', open: 'Open the order', search: 'Search', select: 'Select or deselect', print: 'Print', step: 'Take the step with that number', refresh: 'Refresh the list',
  },
  selected: '{n} selected', selectAll: 'Select all shown', selectOne: 'Select order {number}', deselect: 'Clear selection',
  bulk: {
    title: 'Several at once', run: 'Do it for {n}', running: 'Under way', done: 'Done', failed: 'Not done', waiting: 'Waiting', retry: 'Try the failed again', explain: '“{step}” will be done for each of these {n} orders. Each is recorded by itself; one that fails does not stop the others.', summary: '{done} done, {failed} not done', close: 'Close and refresh', unsure: 'Outcome unknown; trying again is safe and does nothing twice',
  },
  detail: {
    facts: 'Facts', place: 'Place', category: 'Category', closing: 'Counts as done when', description: 'What was reported', none: 'Nothing written', reporter: 'Reporter', handler: 'Handler', assignee: 'Assigned to', subcontractor: 'Subcontractor', external: 'Hotline number', externalDue: 'Hotline deadline', followers: '{n} more reporters joined', repeat: 'Earlier order, same matter and place', duplicateOf: 'Duplicate of', reportedAt: 'Reported', closedAs: 'Closed as',
    reopened: 'Reopened {n} times', review: 'Review on', decline: 'Why it was declined', emergency: 'Danger: ring first', you: 'you', team: 'the team', communityHands: 'The community itself', version: 'Version {n}', emergencyAdvice: 'Advice',
  },
  clocks: { title: 'Limits', limit: 'limit {span}', due: 'due {at}', doneInTime: 'done {at}, in time', doneLate: 'done {at}, {span} late', done: 'done {at}', left: '{span} left', over: '{span} overdue', none: 'no limit', notStarted: 'starts with dispatch', paused: 'The clock is paused: waiting for the reporter', provisional: 'Provisional: it leans on a holiday notice not yet published', extended: 'extended by {span}', skipped: 'not recorded' },
  timeline: { title: 'What happened', by: '{role}', change: '{from} → {to}', level: '{level}% of the limit used up ({stage})', empty: 'Nothing yet' },
  escalations: { title: 'Escalations', line: '{level}% of the limit “{stage}”; told: {to}', none: 'No escalation so far', pending: 'to be told' },
  messages: { title: 'Messages', hint: 'Reporter, handler and community write through the platform, without names', none: 'No messages yet', write: 'Write a message', send: 'Send', side: { reporter: 'Reporter', handler: 'Handler', area: 'Community or street' }, me: 'Me', read: 'read', more: 'More messages' },
  photos: { title: 'Photos', none: 'No photos', kind: { report: 'Report', before: 'Before', after: 'After', check: 'Check' }, of: '{kind}, photo {n}', add: 'Add a photo', uploading: 'Uploading', remove: 'Take back', removeAsk: 'The photo will no longer be shown. Go on?', large: 'At most 15 MB' },
  contact: {
    title: 'Reporter', hidden: 'Name and phone are hidden. Looking needs a reason, is recorded, and the reporter sees it.', unreachable: 'Name and phone are not shown to you. Write through the platform.', reason: 'Reason', reasons: { visit: 'Visit', callback: 'Call-back', emergency: 'Danger', inquiry: 'Inquiry', authority: 'Legal duty' },
    show: 'Show name and phone', reveal: 'Open for a time', hours: 'Hours', name: 'Name', phone: 'Phone', none: 'not given', until: 'visible until {at}', hide: 'Hide now', recorded: 'This look was recorded',
  },
  ratings: { title: 'Ratings', line: 'Closing {n}: {solved}, satisfaction {score}', solved: { yes: 'solved', partly: 'partly solved', no: 'not solved' }, none: 'Not rated yet', hint: 'For calling back only; the rated organisation never sees them' },
  objection: { title: 'Objection', clause: 'Clause', reason: 'Reason', due: 'to be decided by {at}', state: { open: 'open', upheld: 'upheld', dismissed: 'dismissed' }, decision: 'Decision' },
  proposals: { title: 'Deferral and extension', kind: { deferral: 'Deferral', extension: 'Extension' }, state: { open: 'waits for a decision', approved: 'approved', refused: 'refused' }, more: '{span} more', review: 'review on {day}', decision: 'Decision' },
  pauses: { title: 'Pauses', reason: { resident_absent: 'Nobody at home at the agreed time', resident_asked_later: 'The reporter asked for a later time', access_refused: 'Access refused', resident_decides: 'The reporter decides', resident_information: 'Information from the reporter' }, from: 'since {from}', span: '{from} to {to}' },
  actions: {
    title: 'What you can do', none: 'There is no step for you now', why: 'Why not the others', reasonState: 'Not possible in this state', reasonForbidden: 'Not a task of your post', loading: 'Loading', done: 'Done: {step}', changed: 'Somebody else changed the order a moment ago. It was loaded again: look, then send.',
  },
  why: {
    'workorder_step_illegal': 'not possible in this state', 'auth_forbidden': 'not a task of your post', 'capacity_ambiguous': 'choose a capacity first', 'workorder_designated': 'designated by the community or the street; you may object once', 'workorder_not_your_report': 'only who reported it can withdraw it', 'workorder_not_assigned_to_you': 'assigned to somebody else', 'workorder_is_paused': 'the clock is paused; resume first',
    'workorder_not_paused': 'the clock is not paused', 'workorder_nobody_to_wait_for': 'there is no resident to wait for', 'workorder_controlled_already': 'recorded already', 'workorder_proposal_pending': 'a proposal waits for its decision', 'workorder_no_proposal': 'no proposal waits', 'workorder_no_handler': 'in the community’s own hands', 'workorder_objected_already': 'possible only once, and there was one', 'workorder_objection_late': 'the time for it is over',
    'workorder_extended_already': 'extended once already', 'workorder_no_fix_limit': 'there is no limit to fix', 'workorder_own_work': 'not on your own or your organisation’s work', 'workorder_reporter_is_asked': 'the reporter is asked', 'workorder_reopen_late': 'the time for it is over', other: 'not possible now',
  },
  form: {
    explain: {
      accept: 'The reporter was contacted and the case is taken on. It stays due until it is dispatched.', decline: 'The order ends; the reporter reads the reason and where to turn instead.', mark_duplicate: 'This order joins another one, which its reporter follows from now on.', route: 'It goes to the organisation chosen, or stays with the community. Who is designated cannot decline.', dispatch: 'The clocks start now.', assign: 'Another person; no clock changes.', arrive: 'Records the arrival.', control: 'Danger or damage is stopped; the repair may follow.',
      note: 'Read by everybody who may see the order.', pause: 'The clock stops; the reporter reads why and can end the wait.', resume: 'The clock goes on.', resolve: 'The reporter is asked whether it is solved.', object: 'Once; the community or the street decides.', uphold_objection: 'The handler is right; somebody else gets it.', dismiss_objection: 'It goes back to the handler.', propose_deferral: 'The community or the street decides.', approve_deferral: 'The clock stops until the review date.', refuse_deferral: 'The work goes on.',
      take_up: 'The work begins again, with a new clock.', propose_extension: 'Once; the community or the street decides.', approve_extension: 'The limit to fix moves.', refuse_extension: 'The limit stays.', verify: 'You neither did the work nor belong to who did, and it is done.', reject_work: 'Back to the handler.', confirm: 'For a reporter without a phone; marked as written down by you.', dispute: 'Back to the handler.', close: 'Nobody can be asked; it was verified.', reopen: 'Dispatched again, with a higher severity.', cancel: 'The order ends.',
    },
    field: {
      text: 'Text', note: 'More', reason: 'Reason', handlerId: 'Organisation', assigneeId: 'Person', subcontractor: 'Subcontractor (optional)', channel: 'Who is responsible', evidence: 'What shows it (the reporter reads it)', orderId: 'Order that stays', clause: 'Clause', plan: 'Plan and what it waits for', reviewOn: 'Review on', minutes: 'More time', solved: 'Is it solved?', satisfied: 'Satisfaction (1–5)', remark: 'What the reporter says (optional)', passOn: 'May be passed on without a name', finding: 'What you found (optional)', rate: 'Record a rating too',
    },
    optional: 'optional', team: 'The team (no person)', keep: 'The community itself', required: 'Please fill this in', short: 'At least {n} characters', hours: 'hours', minutesHint: 'Counted as the order’s limit is', orderHint: 'A whole number, or one of these of the same kind', orderNone: 'No open order of the same kind here', staffFailed: 'The staff list could not be read; you can send the team',
    declineReason: { private_part: 'Private part', utility: 'Utility', developer_warranty: 'Developer’s warranty', other_authority: 'Another authority', court_or_petition: 'Court, arbitration or petition', unclear: 'Unclear, and nobody to ask', no_trouble_found: 'Nothing found on site' },
    channel: { common_part: 'The property company', private_part: 'The owner', utility: 'The utility', developer_warranty: 'The developer', public: 'Community or department', fee_question: 'The company, in writing', conduct: 'The community' },
  },
  statement: { title: 'Ask for a statement', hint: 'A question to the party complained of. Describe the case without names, numbers, doors or the order’s number.', text: 'The case, without anything that identifies', ask: 'Ask', asked: 'Asked {at}, answer by {due}', answer: 'Answer', withdraw: 'Take back', withdrawAsk: 'They can no longer answer. Go on?', state: { asked: 'asked', answered: 'answered', withdrawn: 'withdrawn' }, late: 'late' },
  print: { title: 'Print', doc: 'Work order', printed: 'Printed {at}', confidential: 'Holds the content of a work order: keep it safe' },
  live: { missed: 'Connected again; the list was loaded anew' },
} satisfies Translation<typeof zh>;
