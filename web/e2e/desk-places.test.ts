import { afterEach, describe, expect, it } from 'vitest';

import type { Screen } from './harness/screen.ts';
import { useWorld } from './harness/world.ts';

interface Row { id: string; name?: string; number?: string; area?: number; state: string; version: number; personId?: string; unitId?: string; endedReason?: string }
interface List { items: Row[] }
const world = useWorld();
afterEach(() => world.closeWindows());

const desk = { viewport: 'desktop' } as const;
const said = (screen: Screen, text: string | RegExp) => screen.page.getByText(text).first().waitFor();
const dialog = (screen: Screen) => screen.page.locator('.el-dialog:visible');
const confirm = (screen: Screen, name: string) => dialog(screen).getByRole('button', { name, exact: true }).click();
const csv = (name: string, rows: string[]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n'), 'utf8') });
const hostile = `<img src=x onerror=alert(1)>'; -- 𠮷🏠`;

/** A service area of its own for one test. */
async function freshArea(name: string): Promise<string> {
  const community = await world.api('community');
  const { items } = await community.get<{ items: { estateId: string }[] }>('/service-areas');
  return (await community.post<Row>('/service-areas', { estateId: items[0]!.estateId, name })).id;
}

/** Where the owner lives, and the building around it. */
async function home(): Promise<{ unit: string; building: string; area: string }> {
  const account = await (await world.api('owner')).get<{ capacities: { unit?: string }[] }>('/account');
  const unit = account.capacities.find((c) => c.unit)!.unit!;
  const { buildingId, serviceAreaId } = await (await world.api('community')).get<{ buildingId: string; serviceAreaId: string }>(`/units/${unit}`);
  return { unit, building: buildingId, area: serviceAreaId };
}

describe('places at the desk', () => {
  it('take a folder of tables in after a trial that changes nothing, and tell what is wrong in which row', async () => {
    const area = await freshArea('导入试验区');
    const community = await world.api('community');
    const screen = await world.screen('community', desk);
    await screen.goto(`/desk/imports/new?kind=households&target=${area}`);
    await screen.page.locator('input[type=file]').first().setInputFiles([
      csv('甲.csv', ['楼栋,单元,房号,建筑面积,业主', `9号楼,1单元,101,89.53,王${hostile.slice(0, 12)}`, '9号楼,1单元,102,90.00,李四']),
      csv('乙.csv', [`楼栋,房号,建筑面积(㎡),业主,${hostile}`, '8号楼,101,80.10,张三,x', '8号楼,102,81.20,李四,x', '8号楼,103,82.30,王五,x', '8号楼,104,83.40,赵六,x', '8号楼,105,84.50,钱七,x', '8号楼,101,80.10,张三,x', '8号楼,201,0,孙八,x', '8号楼,202,-5,周九,x', '8号楼,203,九十,吴十,x', '', '合计,,411.50,,']),
    ]);
    await screen.page.getByRole('button', { name: '试导入' }).click();
    await said(screen, '试导入完成：可导入 7 行，有问题 4 行，跳过 2 行。还没有写入。');
    await said(screen, '不是数字');
    await said(screen, '建筑面积(㎡) → 建筑面积');
    await said(screen, '<img src=x onerror=alert(1)>'); // a header that was left out
    await screen.check('imports/trial');
    expect((await community.get<List>(`/service-areas/${area}/buildings`)).items).toEqual([]);

    await screen.page.getByRole('button', { name: '正式导入 7 行' }).dblclick();
    await said(screen, '导入完成：新增 7 行，更新 0 行，无变化 0 行，未导入 4 行，跳过 2 行。');
    const buildings = (await community.get<List>(`/service-areas/${area}/buildings`)).items;
    expect(buildings.map((b) => b.name).sort()).toEqual(['8号楼', '9号楼']);
    const sizes = (await community.get<List>(`/buildings/${buildings.find((b) => b.name === '8号楼')!.id}/units`)).items.map((u) => u.area);
    expect(sizes.sort()).toEqual([8010, 8120, 8230, 8340, 8450]);

    const saved = screen.page.waitForEvent('download');
    await screen.page.getByRole('button', { name: '下载报告' }).last().click();
    expect((await saved).suggestedFilename()).toMatch(/\.xlsx$/);
    await screen.goto('/desk/imports');
    await said(screen, '部分未导入');
    screen.clean();
  });

  it('print one slip for each door, whose codes are shown once', async () => {
    const { building, area } = await home();
    const screen = await world.screen('community', desk);
    await screen.page.addInitScript(() => { globalThis.print = () => document.body.setAttribute('data-printed', 'yes'); });
    await screen.goto(`/desk/joining?tab=codes&area=${area}`);
    await screen.page.getByRole('button', { name: '生成并打印 · 1号楼' }).click();
    await confirm(screen, '生成并打印');
    await screen.page.locator('.slip').first().waitFor();
    const community = await world.api('community');
    const units = (await community.get<List>(`/buildings/${building}/units?limit=200`)).items;
    expect(await screen.page.locator('.slip').count()).toBe(units.length);
    expect(await screen.page.locator('.slip svg path').first().getAttribute('d')).toMatch(/^M/);
    await screen.check('joining/sheet');
    await screen.page.keyboard.press('Escape'); // not printed yet: asks first
    await said(screen, '确定关闭吗');
    await screen.page.locator('.el-message-box').getByRole('button', { name: '取消' }).click();
    await screen.page.getByRole('button', { name: '打印', exact: true }).click();
    expect(await screen.page.locator('body').getAttribute('data-printed')).toBe('yes');
    await screen.page.emulateMedia({ media: 'print' });
    expect(await screen.page.locator('#app').isVisible()).toBe(false);
    await screen.page.emulateMedia({ media: 'screen' });
    await screen.page.locator('.join-sheet').getByRole('button', { name: '关闭', exact: true }).click();
    expect((await community.get<{ open: number }>(`/buildings/${building}/join-codes`)).open).toBe(units.length);
    screen.clean();
  });

  it('let somebody without a code find the own door on the phone and apply; the community sees the proof with a reason and approves', async () => {
    const phone = await world.screen('operator', { viewport: 'phone' });
    await phone.goto('/join');
    await phone.page.getByRole('link', { name: /找到我的门牌/ }).click();
    await phone.page.locator('#find-estate').fill('宁');
    await phone.page.getByRole('button', { name: '搜索' }).click();
    await said(phone, '请至少输入两个字');
    await phone.page.locator('#find-estate').fill('宁海');
    await phone.page.getByRole('button', { name: '搜索' }).click();
    await phone.page.getByRole('link', { name: /宁海花园一期/ }).click();
    await phone.page.getByRole('link', { name: '3号楼' }).click();
    await phone.page.getByRole('link', { name: '2单元 602' }).waitFor();
    await phone.check('join/find-door');
    await phone.page.getByRole('link', { name: '2单元 602' }).click();
    await said(phone, '申请的房屋：宁海花园一期 3号楼 2单元 602');
    await phone.page.locator('#apply-name').fill('运维员');
    await phone.page.getByText('使用人（家人、租户）').click();
    await phone.page.locator('#apply-note').fill(`租赁合同 ${hostile}`);
    await phone.page.getByRole('button', { name: '提交申请' }).click();
    await said(phone, '等待社区审核');
    phone.clean();

    const screen = await world.screen('community', desk);
    await screen.goto('/desk/joining');
    const row = screen.page.getByRole('row', { name: /3号楼.*602/ });
    expect(await row.textContent()).not.toContain('运维员');
    await row.getByRole('button', { name: '查看材料' }).click();
    await confirm(screen, '查看');
    await said(screen, `租赁合同 ${hostile}`);
    await screen.check('joining/application');
    await confirm(screen, '看完了');
    await row.getByRole('button', { name: '同意', exact: true }).click();
    await confirm(screen, '同意');
    await row.waitFor({ state: 'hidden' });
    const operator = await world.api('operator');
    const members = await operator.get<Row[]>('/me/memberships');
    expect(members.map((m) => m.state)).toEqual(['active']);
    expect(JSON.stringify(await operator.get('/account/reads'))).toContain('application');
    screen.clean();
  });

  it('show a household masked, read a name with a reason that its owner sees, and change an area only by two persons', async () => {
    const { unit } = await home();
    const worker = await world.screen('community-worker', desk);
    await worker.goto('/desk/places');
    await worker.page.locator('#place-finder').pressSequentially('1-1-101');
    await worker.page.getByRole('option', { name: /1号楼 1单元 101/ }).click();
    await worker.page.getByRole('heading', { level: 1, name: '1号楼 1单元 101' }).waitFor();
    await worker.settled();
    expect(await worker.page.locator('main').innerText()).not.toContain('沈女士');
    await worker.page.getByRole('button', { name: '查看', exact: true }).click();
    await dialog(worker).getByText('姓名', { exact: true }).click();
    await confirm(worker, '查看');
    await said(worker, '这次查看已记录');
    await worker.check('places/revealed');
    await confirm(worker, '看完了');
    expect(JSON.stringify(await (await world.api('owner')).get('/account/reads'))).toContain('roll');

    await worker.page.getByRole('button', { name: '提出更正' }).click();
    await worker.page.getByLabel('面积（不动产登记）').fill('87.5x');
    await worker.page.getByLabel('原因和依据的文件').fill(`证载面积不同 ${hostile}`);
    await worker.page.getByRole('button', { name: '提交审核' }).click();
    await said(worker, '请填写平方米数，最多两位小数');
    await worker.page.getByLabel('面积（不动产登记）').fill('87.05');
    await worker.page.getByRole('button', { name: '提交审核' }).click();
    await said(worker, '变更后 87.05');
    expect(await worker.page.getByRole('button', { name: '同意变更' }).count()).toBe(0);

    const community = await world.screen('community', desk);
    await community.goto(worker.page.url());
    await community.page.getByRole('button', { name: '同意变更' }).click();
    await confirm(community, '同意变更');
    await said(community, '没有这种变更');
    expect((await (await world.api('community')).get<Row>(`/units/${unit}`)).area).toBe(8705);
    worker.clean();
    community.clean();
  });
});

describe('people at the desk', () => {
  it('are looked for in a list that is the same after one was opened', async () => {
    const screen = await world.screen('operator', desk);
    const { page } = screen;
    await page.goto('/desk/people/organisations');
    await page.getByLabel('名称开头').fill('烟台');
    await page.getByRole('combobox', { name: '类型' }).click();
    await page.getByRole('option', { name: '施工单位' }).click();
    const rows = page.locator('.el-table__body').getByRole('link');
    await expect.poll(() => rows.allInnerTexts()).toEqual(['烟台示范建设工程有限公司']);
    await rows.click();
    await page.getByRole('heading', { name: '烟台示范建设工程有限公司' }).waitFor();
    await page.goBack();
    await expect.poll(() => rows.allInnerTexts()).toEqual(['烟台示范建设工程有限公司']);
    expect(await page.getByLabel('名称开头').inputValue()).toBe('烟台');
    screen.clean();
  });

  it('are appointed and dismissed, and what was typed stays after a refusal', async () => {
    const account = await (await world.api('manager')).get<{ capacities: { organisation: string }[] }>('/account');
    const org = account.capacities[0]!.organisation;
    const screen = await world.screen('manager', desk);
    await screen.goto(`/desk/people/organisations/${org}`);
    await screen.page.getByRole('button', { name: '任命' }).click();
    await dialog(screen).getByText('物业工作人员').click();
    await dialog(screen).getByLabel('姓名').fill('新来的');
    await dialog(screen).getByLabel('手机号').fill('12');
    await dialog(screen).getByLabel('职务').fill(hostile);
    await confirm(screen, '任命');
    await dialog(screen).locator('.el-form-item__error, .note').first().waitFor();
    expect(await dialog(screen).getByLabel('姓名').inputValue()).toBe('新来的');
    await dialog(screen).getByLabel('手机号').fill('13912340987');
    await confirm(screen, '任命');
    const row = screen.page.getByRole('listitem').filter({ hasText: '新来的' });
    await row.waitFor();
    expect(await row.innerText()).toContain(hostile);
    await screen.check('people/organisation');
    await row.getByRole('button', { name: '结束任职' }).click();
    await dialog(screen).getByText('调动').click();
    await dialog(screen).getByRole('button', { name: '结束任职' }).dblclick();
    await row.waitFor({ state: 'hidden' });
    const posts = (await (await world.api('manager')).get<List>(`/organisations/${org}/posts?past=true&limit=100`)).items;
    expect(posts.filter((p) => p.name === '新来的').map((p) => p.endedReason)).toEqual(['transferred']);
    screen.clean();
  });
});
