import type { Translation } from '@redproperty/shared/i18n/types';
import type zh from './zh-CN';

export default {
  title: 'News of the estate',
  all: 'All news',
  empty: 'Nothing has happened lately',
  emptyHint: 'Repairs in the common parts, who manages the estate, monthly figures, surveys, votes and renovations are listed here. Nothing in it is about a person.',
  noHome: 'Join your home first',
  noHomeHint: 'Then what happens at your estate is listed here.',
  join: 'Join a home',
  about: { repair: 'Repair', manage: 'Management', figures: 'Figures', survey: 'Survey', vote: 'Vote', works: 'Works' },
  repair: {
    reported: 'Reported, to be accepted', accepted: 'Accepted, somebody is being sent', dispatched: 'Somebody was sent', in_progress: 'Being worked on', returned: 'It is being decided who sees to it', deferred: 'Cannot be done yet; planned', resolved: 'Done, to be verified', verified: 'Verified, to be confirmed',
  },
  paused: 'Waits for somebody else; the time stands still',
  due: { promised: 'Promised by {at}', reference: 'Reference time {at}' },
  late: { promised: '{span} past the promised time', reference: '{span} past the reference time' },
  done: 'Done',
  manage: { contract: 'Under a contract', continuation: 'Contract ended, service goes on', custody: 'In the community’s custody', emergency: 'Emergency service', self_managed: 'Managed by the owners', none: 'Managed by nobody' },
  until: 'Until {at}',
  month: 'Service in {month} was published',
  monthRevised: 'Service in {month} was corrected',
  survey: { announced: 'Answers from {from} to {to}', published: 'The result is published' },
  vote: { announced: 'Votes from {from} to {to}', published: 'The result is published', effective: 'The result is published and in effect', ordered: 'Published; a correction was ordered', revoked: 'Published and revoked since' },
  stage: {
    proposed: 'Proposed', wishes: 'Residents are asked', plan: 'Being planned', consent: 'Put to the owners', funded: 'The money is there', tendered: 'The contractor is chosen', works: 'Works have begun', acceptance: 'Acceptance has begun', warranty: 'Accepted; under warranty', closed: 'All done', withdrawn: 'Withdrawn',
  },
} satisfies Translation<typeof zh>;
