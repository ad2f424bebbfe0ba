import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Audit trail',
  hint: 'Who did what, when and in which capacity. Each record is sealed into a signed log within seconds; later changes are found.',
  open: 'open', verify: 'How to verify', does: '{about}: {what}', unsealed: 'sealing', unsealedHint: 'Sealed within seconds', sealed: 'Entry {n} of the log', byProgram: 'the program', noDetail: 'Nothing more', sameObject: 'Records of the same thing', sameAccount: 'Records of the same account',
  none: 'No record fits', noneHint: 'Only records of your area are shown.',
  column: { at: 'When', action: 'What', capacity: 'Capacity', object: 'About', entry: 'Entry', account: 'Account', code: 'Code', request: 'Request', detail: 'Detail' },
  filter: { kind: 'Kind of thing', from: 'From', to: 'To', object: 'One thing only', account: 'One account only', mine: 'What I did', clear: 'Clear filters' },
  proof: {
    what: 'All records go into a log that can only be appended to and signs checkpoints again and again. Once one is kept outside, nobody, the operator included, can change earlier records unseen.',
    checkpoint: 'Newest checkpoint: {n} entries', save: 'Download it', key: 'Key to check it with', how: 'How to verify',
    keep: 'Keep checkpoint and key outside the platform, for example on paper.', run: 'Run this on the server; it computes the log again from the records, one by one:', compare: 'Compare the root hash it tells with checkpoints kept earlier. The platform also sends them to the outside places its operator has set.',
  },
  about: {
    account: 'account', privacy: 'personal data', feedback: 'feedback', limit: 'rate limit', dead_letter: 'dead letter', backup: 'backup', keys: 'keys', area: 'division', estate: 'estate', service_area: 'service area', building: 'building', unit: 'unit',
    unit_change: 'change of units', public_area: 'public area', roll: 'roll', import: 'import', membership: 'household', org: 'organisation', post: 'post', cross: 'cross-appointment', interest: 'interest', webhook: 'webhook', contract: 'contract', arrangement: 'arrangement',
    workorder: 'order', survey: 'survey', report: 'monthly rates', credit: 'credit', vote: 'decision', renovation: 'renovation',
    fund: 'maintenance money', login_ticket: 'one-time log-in',
  },
  what: {
    login: 'log-in', logout: 'log-out', logout_others: 'end other log-ins', password: 'password set', user_name: 'user name set', token: 'token made', token_revoke: 'token ended', notifications: 'alerts set', locked: 'locked', active: 'unlocked', find: 'looked up', consent: 'consent given',
    withdraw: 'withdrawn', export: 'exported', erase: 'erased', expire: 'cleared in time', written: 'written', answered: 'answered', override: 'exception made', change: 'changed', remove: 'removed', repeat: 'tried again', discard: 'discarded', create: 'made',
    rotate: 'rotated', redesignate: 'renumbered or renamed', rename: 'renamed', update: 'changed', propose: 'proposed', decide: 'decided', withdrawn: 'withdrawn', enter_owner: 'owner entered', update_owner: 'owner corrected', link_owner: 'owner linked', end_ownership: 'ownership ended', enter_occupant: 'occupant entered',
    end_occupancy: 'occupancy ended', reveal: 'read in clear', cancel: 'cancelled', divisions: 'divisions', households: 'households', work_orders: 'orders', import_file: 'file imported', code: 'joining codes made', joined: 'joined', applied: 'applied', approved: 'approved', declined: 'declined',
    ended: 'ended', contested: 'contested', contest_decided: 'contest decided', moved: 'moved with the unit', close: 'closed', appoint: 'appointed', started: 'started', end: 'ended', record: 'recorded', declare: 'declared', declared: 'declared', add: 'added',
    test: 'tested', resume: 'resumed', draft: 'drafted', replace: 'draft replaced', record_decision: 'decision recorded', sign: 'signed', confirm_start: 'start confirmed', bring_into_force: 'brought into force', attach: 'document attached', file: 'filed', set_period: 'period set', notice: 'notice given',
    renew: 'renewed', record_continuation: 'continuation recorded', terminate: 'terminated', deliver: 'delivered', withhold: 'withheld', receive: 'received', take_over: 'taken over', take: 'entered', import: 'running contract entered', set: 'set', report: 'reported', followed: 'joined by another',
    accept: 'accepted', decline: 'declined', mark_duplicate: 'marked as duplicate', route: 'routed', dispatch: 'dispatched', assign: 'assigned', arrive: 'arrived', control: 'under control', note: 'noted', pause: 'paused', resolve: 'resolved', object: 'objected',
    uphold_objection: 'objection upheld', dismiss_objection: 'objection dismissed', propose_deferral: 'deferral asked', approve_deferral: 'deferral approved', refuse_deferral: 'deferral refused', take_up: 'taken up', propose_extension: 'extension asked', approve_extension: 'extension approved', refuse_extension: 'extension refused', verify: 'verified', reject_work: 'work rejected', confirm: 'confirmed',
    dispute: 'disputed', remind: 'reminded', close_unanswered: 'closed unanswered', reopen: 'reopened', hand_over: 'handed over', forget: 'cleared in time', rate: 'rated', call_back: 'called back', check: 'checked', draw_sample: 'sample drawn', message: 'message', escalate: 'escalated', declare_weather: 'weather declared',
    end_weather: 'weather ended', ask_statement: 'statement asked', answer_statement: 'statement given', withdraw_statement: 'statement withdrawn', report_pressure: 'pressure reported', close_pressure: 'pressure settled', add_photo: 'photo added', take_back_photo: 'photo taken back', end_reveal: 'identity hidden', read_contact: 'contact read', edit: 'edited', reconcile: 'roll confirmed',
    pledge: 'secret pledged', freeze: 'roll frozen', open: 'opened', count: 'counted', score: 'scored', publish: 'published', revise: 'revised', plan: 'year planned', form_create: 'questionnaire drafted', form_revise: 'questionnaire revised', form_publish: 'questionnaire frozen', examine: 'examined',
    audit_open: 'audit opened', audit_conclude: 'audit concluded', audit_decide: 'audit decided', audit_sign_off: 'signed off', exclude: 'exclusion proposed', exclude_confirm: 'exclusion confirmed', recontact_draw: 're-contact drawn', recontact_answer: 're-contact answered', remarks_review: 'remarks reviewed', settle_propose: 'settlement proposed', settle_confirm: 'settlement confirmed', settle_dispute: 'settlement disputed',
    lot_register: 'lot registered', lot_sign: 'lot signed', paper_enter: 'paper entered', paper_void: 'paper void', interviewer_appoint: 'interviewer appointed', interviewer_dismiss: 'interviewer dismissed', objection_decided: 'objection decided', objection_filed: 'objection filed', objection_withdrawn: 'objection withdrawn', objection_upheld: 'objection upheld', objection_dismissed: 'objection dismissed', objection_dropped: 'objection dropped',
    reply: 'replied', appeal: 'appealed', rule: 'appeal decided', enrol: 'enrolled',
    issue: 'issued', exported: 'export ready', import_list: 'list imported', add_document: 'document added', answer_objection: 'objection answered', appeal_order: 'order appealed', ask_opening: 'opening asked', cast: 'voted', confirm_key: 'key confirmed', deal: 'key parts dealt', end_proxy: 'proxy ended', enter_paper: 'paper ballot entered',
    grant_proxy: 'proxy given', hand_in: 'counting part handed in', lift_order: 'order lifted', object_to_roll: 'objected to the roll', opened: 'opened by law', received: 'ballot received', rule_on_appeal: 'appeal ruled on', send_part: 'counting part sent', take_proxy: 'proxy taken', take_seat: 'became a teller', vacate_seat: 'teller left',
    add_funding: 'funding added', add_milestone: 'milestone added', advance: 'next stage', allocate: 'costs shared', announce: 'announced', answer_remark: 'remark answered', check_item: 'checked', choose_contractor: 'contractor chosen', confirm_supervisor: 'supervisor confirmed', delay_milestone: 'milestone delayed', end_supervisor: 'supervisor left',
    authorise_developer: 'developer’s authority recorded', end_contract: 'works contract ended', enter_amount: 'amount entered', extend: 'extended', link_survey: 'survey linked', make_key: 'key made', measure: 'progress measured', official_result: 'official result recorded', order_correction: 'correction ordered', post_roll: 'roll posted', publish_plan: 'plan published', reach_milestone: 'milestone reached', record_consent: 'consent recorded',
    record_finding: 'finding recorded', reverse_amount: 'amount reversed', revoke: 'revoked', sign_item: 'signed for', speak: 'spoken', take_effect: 'in effect', volunteer: 'volunteered', write_diary: 'diary written', answer: 'answered', draw: 'drawn', post: 'posted',
    request: 'requested', settle: 'settled',
  },
  kind: {
    account: 'account', person: 'person', feedback: 'feedback', rate_limit: 'rate limit', outbox: 'event', delivery: 'message', work_order: 'order', contract: 'contract', arrangement: 'arrangement', survey_round: 'survey round', survey_form: 'questionnaire', survey_plan: 'survey plan',
    survey_audit: 'score audit', survey_objection: 'objection to a score', survey_settlement: 'settlement', rate_snapshot: 'published month', credit_item: 'credit item', credit_grade: 'credit grade', area: 'division', estate: 'estate', service_area: 'service area', building: 'building', unit: 'unit', unit_change: 'change of units',
    public_area: 'public area', owner: 'owner', occupant: 'occupant', household_member: 'household member', household_application: 'application', join_code_batch: 'joining codes', organisation: 'organisation', organisation_area: 'area of an organisation', post: 'post', cross_appointment: 'cross-appointment', interest: 'interest', webhook: 'webhook',
    import: 'import', import_run: 'import', export: 'export', weather_window: 'extreme weather', pressure_report: 'report of pressure', identity_reveal: 'opening of an identity', backup: 'backup', keys: 'keys',
    fund_request: 'request for maintenance money', login_ticket: 'one-time log-in', renovation: 'renovation', vote: 'decision',
  },
  capacity: {
    system: 'the program', account: 'the person', link_holder: 'somebody without log-in',
  },
} satisfies Translation<typeof zh>;
