import type { World } from './harness/world.ts';

export interface Contract { id: string; number: string; state: string; version: number; termsVersion: number; serviceAreaId: string; companyId: string; ownersId: string; documents: { hash: string }[]; notices: { id: string; earliestEnd: string }[] }

/** A day in China, so many days from now. */
export function day(from: number): string {
  return new Date(Date.now() + from * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
}

const terms = (ownersId: string, number: string) => ({
  number, kind: 'ordinary', ownersId, feeMethod: 'lump_sum', startsOn: day(0), endsOn: day(729),
  fees: [{ unitKind: 'residential', fen: 135, per: 'area_month', basis: '业主大会决定' }, { unitKind: 'parking', fen: 6000, per: 'unit_month' }],
  items: [{ name: '公共区域保洁', standard: '楼道每日清扫一次。\n垃圾日产日清。' }, { name: '电梯维护保养', standard: '每十五日一次。' }, { name: '秩序维护 <b>𠮷😀</b>', standard: '主出入口 24 小时值守。' }],
  subcontracts: [{ item: 2, contractor: '烟台安达电梯有限公司' }],
  sla: [
    { severity: 'emergency', acceptMin: 5, arriveMin: 15, controlMin: 60, clock: 'natural' }, { severity: 'urgent', acceptMin: 10, arriveMin: 30, fixMin: 720, clock: 'natural' }, { severity: 'normal', acceptMin: 30, arriveMin: 240, fixMin: 1440, clock: 'working' },
    { category: 'lift.stopped', arriveMin: 20, fixMin: 240, clock: 'natural' },
  ],
  bands: [{ from: 0, below: 6000, share: 8000 }, { from: 6000, below: 8500, share: 9550 }, { from: 8500, below: 10_001, share: 10_000 }], promises: ['每季度公布公共收益。'],
});

/** The contract of the demonstration, which is in force. */
export async function running(world: World): Promise<Contract> {
  const found = await (await world.api('street-office')).get<{ items: Contract[] }>('/contracts?state=in_force');
  return found.items[0]!;
}

/** A draft by the company for its next term. */
export async function draft(world: World, number: string): Promise<Contract> {
  const now = await running(world);
  return (await world.api('manager')).post<Contract>('/contracts', { serviceAreaId: now.serviceAreaId, companyId: now.companyId, ...terms(now.ownersId, number) });
}

export async function paper(world: World, id: string, who: 'committee' | 'street-office' | 'manager', name: string): Promise<string> {
  const made = await (await world.api(who)).upload<{ hash: string }>(`/contracts/${id}/documents`, { name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${name}\n%%EOF\n`) });
  return made.hash;
}

/** A draft that the owners have decided on and the company has signed. */
export async function decided(world: World, number: string): Promise<Contract> {
  const made = await draft(world, number);
  const document = await paper(world, made.id, 'committee', '业主大会会议纪要.pdf');
  await (await world.api('committee')).put(`/contracts/${made.id}/decision`, { heldOn: day(-20), document, totalArea: 600_000, totalHeads: 60, joinedArea: 450_050, joinedHeads: 45, favourArea: 400_000, favourHeads: 40 });
  const manager = await world.api('manager');
  const { version } = await manager.get<Contract>(`/contracts/${made.id}`);
  return manager.send<Contract>('POST', `/contracts/${made.id}/sign`, {}, { 'If-Match': `"${version}"` });
}

/** The contract of the demonstration in its hand-over, and its place without anybody who manages it; ends the contract the first time. */
export async function ended(world: World): Promise<Contract> {
  const { items: [before] } = await (await world.api('street-office')).get<{ items: Contract[] }>('/contracts?state=handover');
  if (before) return before;
  const now = await running(world);
  const document = await paper(world, now.id, 'street-office', '解除协议.pdf');
  const street = await world.api('street-office');
  const over = await street.post<Contract>(`/contracts/${now.id}/terminate`, { ground: 'agreement', endedOn: day(0), document });
  const manager = await world.api('manager');
  await manager.post(`/contracts/${now.id}/handover/premises/deliver`, { note: '物业用房 1 间，86 平方米；钥匙 3 把。' });
  await manager.post(`/contracts/${now.id}/handover/funds/withhold`, { reason: 'pending', note: '第三方正在审计。' });
  await (await world.api('community')).post(`/contracts/${now.id}/handover/premises/receive`);
  return over;
}
