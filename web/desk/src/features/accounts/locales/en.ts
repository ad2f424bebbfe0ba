import type { Translation } from '@redproperty/shared/i18n/types';

import type zh from './zh-CN';

export default {
  title: 'Accounts',
  hint: 'How an account stands, for who asked for help; locking and unlocking. Whose it is is not shown.',
  find: 'Find an account', findNow: 'Find', findHint: 'Each search is recorded in the audit trail.', locked: 'Locked accounts', none: 'No account is locked',
  state: { active: 'Active', locked: 'Locked', erased: 'Erased' },
  made: 'made {at}', seen: 'last used {at}', unseen: 'no log-in on record', sessions: '{n} log-ins in force', password: 'has a password', noPassword: 'no password',
  lock: 'Lock', unlock: 'Unlock', lockOne: 'Lock account {id}', unlockOne: 'Unlock account {id}', lockWill: 'All its log-ins and tokens end at once, and it cannot log in until it is unlocked. Posts and households stay.', unlockWill: 'It can log in again. Earlier log-ins do not come back.', lockedNow: 'Locked', unlockedNow: 'Unlocked',
  data: {
    title: 'Personal data', hint: 'Every kind of personal data that is held: what for, by which right, how long, who may see it. The program clears it when its time is over.', print: 'Print', sensitive: 'Sensitive', yes: 'At the person’s wish', no: 'When its time is over', nobody: 'Nobody', until: 'Until {event}', after: '{n} days after {event}',
    column: { field: 'Datum', purpose: 'What for', basis: 'By which right', kept: 'How long', seen: 'Who sees it in clear', erasable: 'Erased' },
    subject: { person: 'Users and holders of posts', member: 'Households', owner: 'Roll of owners', reporter: 'Reporters' },
    basis: { contract: 'Contract', duty: 'Statutory duty', consent: 'Consent' },
    viewer: { self: 'the person', household: 'their household', assigned_worker: 'the worker assigned', own_org: 'colleagues', parties: 'the two sides' },
    field: {
      person_name: 'Name', person_phone: 'Phone', account_user_name: 'User name', login_session_device: 'Device', one_time_code_phone: 'Hash of the phone of a code', work_order_identity_name: "Reporter's name", work_order_identity_phone: "Reporter's phone", work_order_caller_name: "Caller's name", work_order_caller_phone: "Caller's phone",
      work_order_description: 'Description of an order', work_order_event_text: 'Notes on an order', work_order_callback_note: 'Note of a call-back', work_order_remark_text: 'Remark with a rating', work_order_message_text: 'Messages on an order', work_order_statement_answer: 'Statement', work_order_pressure_text: 'Report of pressure', work_order_attachment_hash: 'Photos on an order',
      owner_name: "Owner's name", owner_phone: "Owner's phone", occupant_name: "Occupant's name", occupant_phone: "Occupant's phone", household_member_note: 'Service need', household_application_name: "Applicant's name", household_application_note: "Applicant's words", platform_feedback_text: 'Feedback', platform_feedback_answered_by: 'Who answered feedback',
      survey_interviewer_person: 'Survey interviewer', survey_entry_entered_by: 'Who entered a paper ballot', survey_agreement_dwelling: 'Dwelling that agreed to a visit',
      renovation_remark_words: 'Remarks on a renovation', renovation_supervisor_person: 'Supervising residents', renovation_signature_person: 'Who signed for a renovation',
    },
  },
} satisfies Translation<typeof zh>;
