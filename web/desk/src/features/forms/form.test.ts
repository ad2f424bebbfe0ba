import { describe, expect, it } from 'vitest';
import { reactive } from 'vue';

import { visible } from '@redproperty/shared/questionnaire/branching';

import { locate, useFaults } from './faults';
import { before, changeKind, compareWith, copyOf, differences, newItem, newSection, readForm, renameItem, shiftItem, weighed, writeForm, type DraftForm } from './form';

const w = (zh: string) => ({ zh, en: `${zh} en` });

function form(): DraftForm {
  return readForm({
    title: w('题'), sections: [
      { code: 'a', title: w('甲'), items: [{ code: 'one', kind: 'rating', prompt: w('一'), dimension: 'repair', dontKnow: true }, { code: 'two', kind: 'single', prompt: w('二'), options: [{ code: 'y', text: w('是') }, { code: 'n', text: w('否') }] }] },
      { code: 'b', title: w('乙'), showIf: { item: 'two', op: 'is', choice: 'y' }, items: [{ code: 'three', kind: 'text', prompt: w('三'), maxRunes: 100, showIf: { any: [{ item: 'one', op: 'at_most', number: 2 }, { all: [{ item: 'one', op: 'is', number: 5 }, { item: 'two', op: 'is', choice: 'n' }] }] } }] },
    ],
  });
}

describe('a questionnaire while it is written', () => {
  it('comes back as it was read, nested conditions and all', () => {
    expect(writeForm(readForm(writeForm(form())))).toEqual(writeForm(form()));
    expect(writeForm(form()).sections![1]!.showIf).toEqual({ item: 'two', op: 'is', choice: 'y' });
  });

  it('sends nothing that a kind has no use for, and keeps it for the way back', () => {
    const f = form();
    const item = f.sections[0]!.items[1]!;
    changeKind(item, 'text');
    expect(writeForm(f).sections![0]!.items![1]).toEqual({ code: 'two', kind: 'text', prompt: w('二'), maxRunes: 500 });
    changeKind(item, 'multiple');
    expect(writeForm(f).sections![0]!.items![1]!.options).toHaveLength(2);
  });

  it('moves a question over the border of its section and back', () => {
    const f = form();
    const two = f.sections[0]!.items[1]!;
    expect(shiftItem(f, f.sections[0]!, two, 1)).toBe(true);
    expect(f.sections.map((s) => s.items.map((i) => i.code))).toEqual([['one'], ['two', 'three']]);
    expect(shiftItem(f, f.sections[1]!, two, -1)).toBe(true);
    expect(f.sections.map((s) => s.items.map((i) => i.code))).toEqual([['one', 'two'], ['three']]);
    expect(shiftItem(f, f.sections[0]!, f.sections[0]!.items[0]!, -1)).toBe(false);
  });

  it('offers only earlier questions to a condition, and finds them under a new code', () => {
    const f = form();
    expect(before(f, f.sections[1]!).map((i) => i.code)).toEqual(['one', 'two']);
    expect(before(f, f.sections[0]!.items[0]!)).toEqual([]);
    renameItem(f, f.sections[0]!.items[0]!, 'first');
    expect(JSON.stringify(writeForm(f))).not.toContain('"one"');
    expect(visible(writeForm(f), { first: 1, two: 'y' }).map((i) => i.code)).toEqual(['first', 'two', 'three']);
  });

  it('gives new parts codes that nobody has', () => {
    const f = form();
    const section = newSection(f);
    f.sections.push(section);
    section.items.push(newItem(f, 'single'));
    section.items.push(copyOf(f, section.items[0]!));
    expect(section.items.map((i) => i.code)).toEqual(['q1', 'q2']);
    expect(section.items[0]!.options.map((o) => o.code)).toEqual(['o1', 'o2']);
    expect(compareWith(section.items[0]!)).toEqual({ item: 'q1', op: 'is', choice: 'o1' });
  });

  it('counts the questions of each dimension, and tells what differs from another version', () => {
    const f = form();
    expect(weighed(f, { weights: { repair: 6000, fees: 4000 }, apart: ['party_building'] })).toEqual([
      { dimension: 'repair', weight: 100, apart: false, items: 1 }, { dimension: 'fees', weight: 0, apart: false, items: 0 }, { dimension: 'party_building', weight: 0, apart: true, items: 0 },
    ]);
    const fees = { ...newItem(f, 'rating'), dimension: 'fees' };
    const both = { ...f, sections: [...f.sections, { ...newSection(f), items: [fees] }] };
    expect(weighed(both, { weights: { repair: 2500, fees: 1500, greening: 6000 }, apart: [] }).map((d) => d.weight)).toEqual([62.5, 37.5, 0]);
    const g = form();
    g.sections[0]!.items[0]!.prompt.en = 'other';
    g.sections[1]!.items = [newItem(g, 'rating')];
    expect(differences(f, g).map((d) => [d.code, d.what])).toEqual([['one', 'changed'], ['q1', 'added'], ['three', 'removed']]);
  });
});

describe('what the server says is wrong', () => {
  it('lands on its part and goes along when that is moved', () => {
    const f = reactive(form());
    const faults = useFaults();
    const left = faults.place(f, [
      { path: 'sections[0].items[1].options[0].text.en', code: 'x', detail: '缺英文' }, { path: 'body.questionnaire.sections[1].showIf.item', code: 'x', detail: '在后面' },
      { path: 'title.zh', code: 'x', detail: '缺标题' }, { path: 'body.template', code: 'x', detail: '没有模板' },
    ]);
    expect(left.map((l) => l.path)).toEqual(['body.template']);
    const two = f.sections[0]!.items[1]!;
    shiftItem(f, f.sections[0]!, two, 1);
    expect(faults.of(two.options[0]!)).toEqual({ 'text.en': '缺英文' });
    expect(faults.of(f.sections[1]!)).toEqual({ 'showIf.item': '在后面' });
    expect(faults.of(f)).toEqual({ 'title.zh': '缺标题' });
    faults.touch(f.sections[1]!, 'showIf');
    expect(faults.of(f.sections[1]!)).toEqual({});
    expect(locate(f, 'sections[9].items[0].code')).toBeUndefined();
  });
});
