import { afterEach, expect, it } from 'vitest';

import { useWorld } from './harness/world.ts';

interface Audit { id: string; state: string; outcome?: string; reasons?: string; proposal?: string }

const world = useWorld();
afterEach(() => world.closeWindows());

it('goes from the queue to a decision by another person, with the re-contact drawn once and answered', async () => {
  const party = await world.screen('street-party', { viewport: 'desktop' });
  await party.goto('/desk/score-audits');
  await party.page.getByRole('link', { name: '上一轮物业服务满意度测评（示范）' }).click();
  await party.page.getByRole('link', { name: '审计 1 号' }).click();
  await party.page.getByText('得分一致到最后一位').waitFor();
  await party.page.getByText('误报率不超过 1.0%').first().waitFor();
  await party.page.getByRole('button', { name: '抽取复访户' }).click();
  await party.page.getByRole('dialog').getByRole('button', { name: '抽取复访户' }).dblclick();
  await party.page.getByText('尚未问到').waitFor();

  const [, round, audit] = /rounds\/([^/]+)\/audits\/([^/?]+)/.exec(party.page.url())!;
  const community = await world.screen('community', { viewport: 'phone' });
  await community.goto(`/desk/rounds/${round}/recontacts`);
  for (const label of ['是自己填的', '不是']) {
    const before = await community.page.getByRole('button', { name: label, exact: true }).count();
    await community.page.getByRole('button', { name: label, exact: true }).first().click();
    await expect.poll(() => community.page.getByRole('button', { name: label, exact: true }).count()).toBe(before - 1);
  }
  const asked = await (await world.api('community')).get<{ items: { answer?: string }[] }>(`/survey-rounds/${round}/recontacts`);
  expect([asked.items.length, asked.items.filter((r) => r.answer === 'yes').length, asked.items.filter((r) => r.answer === 'no').length]).toEqual([30, 1, 1]);

  const finding = "重算一致，<script>alert(1)</script> '; -- 未见异常 𠮷";
  await party.page.getByRole('button', { name: '提出审查意见' }).click();
  await party.page.getByText('维持：得分不变').click();
  await party.page.getByRole('textbox', { name: '审查意见' }).fill(finding);
  await party.page.getByRole('dialog').getByRole('button', { name: '提出审查意见' }).dblclick();
  await party.page.getByText(finding).waitFor();
  expect(await party.page.getByRole('button', { name: '裁决' }).count()).toBe(0);
  party.clean();

  // The street office held this round, so that it is the server that says who may not decide.
  const office = await world.screen('street-office', { viewport: 'desktop' });
  await office.goto(`/desk/rounds/${round}/audits/${audit}`);
  await office.page.getByRole('button', { name: '裁决' }).click();
  await office.page.getByText('维持：得分不变').click();
  await office.page.getByRole('textbox', { name: '裁决理由' }).fill('重算一致，维持原得分，理由充分。');
  await office.page.getByRole('dialog').getByRole('button', { name: '裁决' }).click();
  await office.page.getByRole('dialog').getByRole('alert').waitFor();
  expect(await office.page.getByRole('textbox', { name: '裁决理由' }).inputValue()).toContain('重算一致');
  const after = await (await world.api('street-party')).get<Audit>(`/survey-rounds/${round}/audits/${audit}`);
  expect([after.state, after.proposal]).toEqual(['concluded', 'uphold']);
});

it('settles the fee once the audit is over and both sides have confirmed', async () => {
  const deputy = await world.api('street-deputy');
  const { items } = await deputy.get<{ items: { id: string; state: string }[] }>('/survey-rounds?limit=50');
  const round = `/survey-rounds/${items.find((r) => r.state === 'published')!.id}`;
  const audit = (await deputy.get<{ items: { id: string; version: number }[] }>(`${round}/audits`)).items[0]!;
  await deputy.send('POST', `${round}/audits/${audit.id}/decide`, { outcome: 'uphold', reasons: '重算一致，维持原得分，理由充分。' }, { 'If-Match': `"${audit.version}"` });
  const committee = await world.screen('committee', { viewport: 'desktop' });
  await committee.goto(`/desk/rounds/${round.split('/').at(-1)}`);
  const card = committee.page.locator('.card', { has: committee.page.getByRole('heading', { name: '得分与服务费' }) });
  expect(await card.getByRole('button', { name: '按合同计算' }).count()).toBe(0); // this score has its settlement
  await card.getByRole('button', { name: '确认' }).click();
  await committee.page.getByRole('dialog').getByRole('button', { name: '确认' }).dblclick();
  await card.getByText('双方已确认', { exact: true }).waitFor();
  expect((await deputy.get<{ items: { state: string }[] }>(`${round}/settlements`)).items.map((s) => s.state)).toEqual(['settled']);
  committee.clean();
});
