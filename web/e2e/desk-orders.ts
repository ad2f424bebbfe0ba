import type { World } from './harness/world.ts';

interface Made { order: { id: string; number: string } }

/** A public area of the demonstration by its name. */
export async function publicArea(world: World, name: string): Promise<string> {
  const found = await (await world.api('community')).get<{ items: { id: string }[] }>(`/places/search?q=${encodeURIComponent(name)}`);
  return found.items[0]!.id;
}

/** The person behind an account. */
export async function personOf(world: World, who: 'worker' | 'manager'): Promise<string> {
  return (await (await world.api(who)).get<{ person: string }>('/account')).person;
}

/** Some orders as a day brings them: one that waits, one at work with a pause behind it. */
export async function orders(world: World): Promise<{ late: string; working: string }> {
  const [owner, neighbour, manager, worker] = [await world.api('owner'), await world.api('neighbour'), await world.api('manager'), await world.api('worker')];
  const garage = await publicArea(world, '地下车库');
  const late = (await neighbour.post<Made>('/work-orders', { where: { publicAreaId: garage }, category: 'lift.stopped', title: '2号楼1单元电梯停运', description: '早上七点起就停了，老人下不了楼。\n𠮷 😀 <b>粗体</b>' })).order.id;
  await manager.post(`/work-orders/${late}/accept`);
  const working = (await owner.post<Made>('/work-orders', { where: { publicAreaId: garage }, category: 'power.common_light', title: '地下车库B区灯不亮' })).order.id;
  await manager.post(`/work-orders/${working}/accept`);
  await manager.post(`/work-orders/${working}/dispatch`, { assigneeId: await personOf(world, 'worker') });
  await worker.post(`/work-orders/${working}/arrive`);
  await owner.post(`/work-orders/${working}/messages`, { text: '靠近电梯厅的三盏都不亮。' });
  return { late, working };
}

/** An order whose reporter was not satisfied. */
export async function callbackOf(world: World): Promise<string> {
  const { working } = await orders(world);
  await (await world.api('worker')).post(`/work-orders/${working}/resolve`, { text: '换了灯管。' });
  await (await world.api('owner')).post(`/work-orders/${working}/confirm`, { rating: { solved: 'partly', satisfied: 2, remark: '还有一盏不亮', passOn: true } });
  return working;
}
