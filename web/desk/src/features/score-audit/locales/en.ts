import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'Audits of scores',
  hint: 'The street\'s Party committee examines and proposes; another person of the street office decides. The first score stays public, and no answer is deleted.',
  of: 'Audits: {title}', number: 'Audit {n}', numberOf: 'Audit {n}: {title}', all: 'All audits of this round', none: 'No audit of this round yet', toRound: 'Back to the round', revision: 'revision {n}', colon: ': ', done: 'Done', bundle: 'Public bundle',
  open: 'Begin an audit', openWill: 'Settlement waits while it is open. You may not have had a hand in the round.', reason: 'Why', openedAt: 'begun {at}',
  recomputed: 'Computed again from the stored answers, the score is the same to the last digit.', notRecomputed: 'Computed again from the stored answers, the score differs. Find out why at once.',
  finding: 'Finding', proposal: 'Proposal', decision: 'Decision', reasons: 'Reasons (public)', conclude: 'Conclude', decide: 'Decide', waits: 'Waits for the decision of a person of the street office who had no hand in this audit.', notYou: 'You had a hand in this audit. Another person of the street office decides it.',
  explain: { conclude: 'It cannot be changed afterwards. Another person of the street office decides.', decide: 'The outcome and its reasons are public and cannot be changed. The score before it stays visible.' },
  will: { uphold: 'Uphold: the score stands', revise: 'Revise: score again with the confirmed exclusions', reject: 'Reject: nothing may rest on this score' },
  outcome: { uphold: 'Upheld', revise: 'Revised', reject: 'Rejected' },
  state: { open: 'Being examined', concluded: 'Waits for a decision', decided: 'Decided', signed_off: 'Signed off' },
  by: { street_party: 'the street\'s Party committee', street_office: 'the street office' },
  queue: {
    hint: 'Those with the greatest risk first. Quiet ones can be signed off together.', empty: 'No score waits', emptyHint: 'A round appears here within a minute of its score.',
    sign: 'Sign off {n} rounds', signNow: 'Sign off', signWill: 'You have looked at the rounds below: each recomputes, and has no flag, objection or audit. They leave the queue, and your signature is kept in the audit trail.', signed: '{n} round signed off | {n} rounds signed off', choose: 'Choose {title}',
    closed: 'closed {at}', recomputed: 'recomputes', notRecomputed: 'does not recompute', objections: '{n} objections', raised: '{n} flag raised | {n} flags raised', noFlag: 'no flag', underWay: 'audit under way', quiet: 'may be signed off', risk: 'risk {n}',
  },
  flag: {
    title: 'Integrity flags', hint: 'A flag is a reason to look and removes nothing. Each says its method and how often it is raised in honest surveys.',
    rate: 'Raised in at most {rate}% of honest rounds; silent below {n} on either side; compared {times}× here.', found: '{count} against {against}: {figure}, usually {usual}, p = {p}%',
    state: { raised: 'look at it', quiet: 'nothing unusual', not_assessable: 'too little to tell' },
    name: { interviewers: 'Interviewers', paper_lots: 'Lots of paper', channels: 'Channels', straight_lining: 'Straight-lining', copied_answers: 'Copied answers', equal_texts: 'Equal texts', drawing_days: 'Many ballots on one day' },
    method: {
      interviewers: 'The answers that one interviewer brought in against the others\' in the same strata; permutation test.', paper_lots: 'One lot of paper against the others in the same strata; permutation test.', channels: 'Paper or assisted answers against those on the web; permutation test.',
      straight_lining: 'The share of one rating for everything, by lot; exact conditional test.', copied_answers: 'The same uncommon answers again and again; exact binomial test.', equal_texts: 'The same words again and again in one lot; permutation test of pairs.', drawing_days: 'Unusually many ballots drawn on a day, against other strata and the days around it; exact tests.',
    },
  },
  channel: { web: 'web', paper: 'paper', assisted: 'assisted' },
  side: { title: 'Raw and cleaned', hint: 'The published score, and the score without what the confirmed exclusions leave out.', same: 'No exclusion is confirmed: the score is the raw one.', raw: 'Raw', cleaned: 'Cleaned', widened: 'Interval with the re-contact', answers: '{n} answers' },
  exclusion: {
    title: 'Exclusions', hint: 'Only by an attribute on the leaves (channel, lot, stratum), never by what was answered. One person proposes, another confirms; counts and reasons are public, and no answer is deleted.', none: 'Nothing is excluded.', propose: 'Propose an exclusion', confirm: 'Confirm the exclusion', proposed: 'waits for another person', confirmed: 'confirmed by {role}',
    count: '{n} answers', which: 'What to leave out', whichHint: 'Only what can be left out without telling who it was is listed.', group: '{by}: {name} ({n} answers)', tooFew: 'Every part has so few answers that leaving one out would tell who it was: no exclusion can be proposed.', envelopes: 'paper lot {n}', interviewer: 'interviewer {n}', reason: 'Reason (public once in force)',
    by: { channel: 'Channel', lot: 'Lot', stratum: 'Stratum' }, proposeWill: 'It takes effect only once another person, of the street office, has confirmed it.', confirmWill: 'Where the decision is to revise, these answers do not count. The number and the reason are public. You cannot confirm what you proposed.',
  },
  recontact: {
    title: 'Re-contact', hint: 'Of the dwellings that drew a ballot 5 %, and at least 30, are drawn by a seed from the ledger and asked: did you fill it in yourselves? No answer can be found from a dwelling; it only tells whether the round can be trusted.', draw: 'Draw the dwellings', drawWill: 'The leaf that closed the round fixes the seed, so nobody can choose. Neutral people then ask each dwelling.',
    counts: '{drawn} drew a ballot, {chosen} chosen; {reached} reached, of whom {no} had not filled it in themselves; {notReached} not reached.', share: '{n}% had not filled it in themselves (95 % interval {low}% to {high}%).',
    notDrawn: 'None were drawn before the decision.', ask: 'One question: did your household fill it in yourselves?', none: 'No dwelling to ask',
    verdict: { pending: 'Nobody reached yet', clean: 'Clean', widened: 'The interval is widened', set_aside: 'To be set aside' },
    answer: { yes: 'Yes, themselves', no: 'No', not_reached: 'Not reached' },
  },
} satisfies Translation<typeof zh>;
