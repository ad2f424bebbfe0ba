import { take, type Schemas } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';

import type { Ask } from '@/parts/ask';
import { useT } from '@/texts';

type Member = Schemas['MemberView'];

/** What the community can do about a membership. `now` gives it as it was read last. */
export function useMemberSteps(now: (m: Member) => Member | undefined) {
  const t = useT();
  const api = useApi();
  const path = (m: Member) => ({ membershipId: m.id });
  const match = (m: Member) => ({ 'If-Match': `"${now(m)?.version ?? m.version}"` });
  const reasons = ['moved_out', 'sold', 'deceased', 'entered_wrong', 'unknown'] as const;
  return {
    /** For a member without a phone: the community writes down whom they let act for them, by the text that was read to them. */
    addHelper: (m: Member, wording: { version: string; text: string }): Ask => ({
      title: t('joining.helper.title', { name: m.name ?? '' }), action: t('joining.helper.add'), will: `${t('joining.helper.will')}\n${wording.text}`,
      fields: [
        { name: 'name', kind: 'line', label: t('joining.helper.name'), most: 50 }, { name: 'phone', kind: 'tel', label: t('joining.helper.phone'), most: 20 },
        { name: 'channel', kind: 'choice', label: t('joining.helper.channel'), options: (['desk', 'paper'] as const).map((value) => ({ value, label: t(`joining.helper.${value}`) })) },
      ],
      send: ({ headers }, v) => take(api.POST('/api/v1/memberships/{membershipId}/helpers', { params: { path: path(m) }, body: { name: v['name'] ?? '', phone: v['phone'] ?? '', channel: v['channel'] as 'desk', consentVersion: wording.version }, headers })),
    }),
    remove: (m: Member): Ask => ({
      title: t('joining.member.remove'), action: t('joining.member.remove'), danger: true, will: t('joining.member.will', { name: m.name ?? '' }),
      fields: [{ name: 'reason', kind: 'choice', label: t('joining.reason'), options: reasons.map((value) => ({ value, label: t(`joining.member.reasons.${value}`) })) }],
      send: ({ headers }, v) => take(api.POST('/api/v1/memberships/{membershipId}/remove', { params: { path: path(m) }, body: { reason: v['reason'] as 'sold' }, headers: { ...headers, ...match(m) } })),
    }),
    decide: (m: Member): Ask => ({
      title: t('joining.contest.decide'), action: t('joining.contest.decide'), will: t('joining.contest.will', { name: m.name ?? '' }),
      fields: [{ name: 'outcome', kind: 'choice', label: t('joining.contest.outcome'), options: (['end', 'keep'] as const).map((value) => ({ value, label: t(`joining.contest.${value}`) })) }],
      send: ({ headers }, v) => take(api.POST('/api/v1/memberships/{membershipId}/decide', { params: { path: path(m) }, body: { uphold: v['outcome'] === 'end' }, headers: { ...headers, ...match(m) } })),
    }),
  };
}
