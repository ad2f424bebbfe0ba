import type { Schemas } from '@redproperty/shared/api/client';

/** A questionnaire while it is written: every list and every text is there, so that fields bind to them. */
export interface DraftForm { title: Words; intro: Words; sections: DraftSection[] }
export interface DraftSection { code: string; title: Words; showIf?: DraftCondition | undefined; items: DraftItem[] }
export interface DraftItem {
  code: string; kind: ItemKind; prompt: Words; help: Words; required: boolean; dontKnow: boolean; dimension: string;
  options: DraftOption[]; minChoices: number; maxChoices: number; maxRunes: number; showIf?: DraftCondition | undefined;
}
export interface DraftOption { code: string; text: Words }
/** Comparisons of which all or any must hold; what is nested deeper is kept as it came. */
export interface DraftCondition { way: 'all' | 'any'; parts: Schemas['Condition'][] }
export interface Words { zh: string; en: string }
export type ItemKind = Schemas['QuestionnaireItem']['kind'];

export const kinds: readonly ItemKind[] = ['rating', 'single', 'multiple', 'scale10', 'text'];
export const isChoice = (kind: ItemKind) => kind === 'single' || kind === 'multiple';
export const isNumber = (kind: ItemKind) => kind === 'rating' || kind === 'scale10';

const words = (w?: Words): Words => ({ zh: w?.zh ?? '', en: w?.en ?? '' });
const empty = (w: Words) => !w.zh.trim() && !w.en.trim();

function readCondition(c: Schemas['Condition'] | undefined): DraftCondition | undefined {
  if (!c) return undefined;
  if (c.any?.length) return { way: 'any', parts: c.any };
  return { way: 'all', parts: c.all?.length ? c.all : [c] };
}

function writeCondition(c: DraftCondition | undefined): Schemas['Condition'] | undefined {
  if (!c || c.parts.length === 0) return undefined;
  if (c.parts.length === 1) return c.parts[0];
  return c.way === 'any' ? { any: c.parts } : { all: c.parts };
}

/** A questionnaire of the API as a draft that shares nothing with it. */
export function readForm(from: Schemas['Questionnaire']): DraftForm {
  const q = JSON.parse(JSON.stringify(from)) as Schemas['Questionnaire'];
  return {
    title: words(q.title), intro: words(q.intro),
    sections: (q.sections ?? []).map((s) => ({
      code: s.code, title: words(s.title), showIf: readCondition(s.showIf),
      items: (s.items ?? []).map((i) => ({
        code: i.code, kind: i.kind, prompt: words(i.prompt), help: words(i.help), required: i.required ?? false, dontKnow: i.dontKnow ?? false, dimension: i.dimension ?? '',
        options: (i.options ?? []).map((o) => ({ code: o.code, text: words(o.text) })), minChoices: i.minChoices ?? 0, maxChoices: i.maxChoices ?? 0, maxRunes: i.maxRunes ?? 0, showIf: readCondition(i.showIf),
      })),
    })),
  };
}

/** The draft as the API takes it. What a kind has no use for stays behind, so that changing a kind there and back loses nothing. */
export function writeForm(form: DraftForm): Schemas['Questionnaire'] {
  return { title: { ...form.title }, ...(empty(form.intro) ? {} : { intro: { ...form.intro } }), sections: form.sections.map(writeSection) };
}

function writeSection(s: DraftSection): Schemas['Section'] {
  const showIf = writeCondition(s.showIf);
  return { code: s.code, title: { ...s.title }, ...(showIf ? { showIf } : {}), items: s.items.map(writeItem) };
}

function writeItem(i: DraftItem): Schemas['QuestionnaireItem'] {
  const showIf = writeCondition(i.showIf);
  return {
    code: i.code, kind: i.kind, prompt: { ...i.prompt }, ...(empty(i.help) ? {} : { help: { ...i.help } }), ...(i.required ? { required: true } : {}), ...(showIf ? { showIf } : {}),
    ...(isNumber(i.kind) && i.dontKnow ? { dontKnow: true } : {}), ...(i.kind === 'rating' && i.dimension ? { dimension: i.dimension } : {}),
    ...(isChoice(i.kind) ? { options: i.options.map((o) => ({ code: o.code, text: { ...o.text } })) } : {}),
    ...(i.kind === 'multiple' && i.minChoices > 0 ? { minChoices: i.minChoices } : {}), ...(i.kind === 'multiple' && i.maxChoices > 0 ? { maxChoices: i.maxChoices } : {}),
    ...(i.kind === 'text' ? { maxRunes: i.maxRunes } : {}),
  };
}

export const itemsOf = (form: DraftForm): DraftItem[] => form.sections.flatMap((s) => s.items);

/** A code that nobody of the list has: q1, q2, … */
export function freshCode(taken: Iterable<string>, prefix: string): string {
  const all = new Set(taken);
  let n = 1;
  while (all.has(`${prefix}${n}`)) n++;
  return `${prefix}${n}`;
}

export function newSection(form: DraftForm): DraftSection {
  return { code: freshCode(form.sections.map((s) => s.code), 's'), title: words(), items: [] };
}

export function newItem(form: DraftForm, kind: ItemKind): DraftItem {
  const item: DraftItem = { code: freshCode(itemsOf(form).map((i) => i.code), 'q'), kind, prompt: words(), help: words(), required: kind !== 'text', dontKnow: kind === 'rating', dimension: '', options: [], minChoices: 0, maxChoices: 0, maxRunes: 500 };
  if (isChoice(kind)) item.options = [newOption(item), { code: 'o2', text: words() }];
  return item;
}

export const newOption = (item: DraftItem): DraftOption => ({ code: freshCode(item.options.map((o) => o.code), 'o'), text: words() });

/** Another question like this one, with a code of its own. */
export function copyOf(form: DraftForm, item: DraftItem): DraftItem {
  return { ...(JSON.parse(JSON.stringify(item)) as DraftItem), code: freshCode(itemsOf(form).map((i) => i.code), 'q') };
}

/** Changes the kind and adds what the new one needs. */
export function changeKind(item: DraftItem, kind: ItemKind): void {
  item.kind = kind;
  if (isChoice(kind)) while (item.options.length < 2) item.options.push(newOption(item));
  if (kind === 'text' && item.maxRunes === 0) item.maxRunes = 500;
}

/** Moves an entry of a list one place up or down; false where it stands at the end. */
export function shift<T>(list: T[], at: number, by: -1 | 1): boolean {
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return false;
  list.splice(to, 0, ...list.splice(at, 1));
  return true;
}

/** Moves a question one place up or down, over the border of its section into the one before or after. */
export function shiftItem(form: DraftForm, section: DraftSection, item: DraftItem, by: -1 | 1): boolean {
  const at = section.items.indexOf(item);
  if (shift(section.items, at, by)) return true;
  const other = form.sections[form.sections.indexOf(section) + by];
  if (at < 0 || !other) return false;
  section.items.splice(at, 1);
  if (by > 0) other.items.unshift(item);
  else other.items.push(item);
  return true;
}

/** The questions before a section or a question: those that its condition may look at. */
export function before(form: DraftForm, place: DraftSection | DraftItem): DraftItem[] {
  const out: DraftItem[] = [];
  for (const s of form.sections) {
    if (s === place) return out;
    for (const i of s.items) {
      if (i === place) return out;
      out.push(i);
    }
  }
  return out;
}

/** Gives a question another code wherever conditions name it. */
export function renameItem(form: DraftForm, item: DraftItem, code: string): void {
  const old = item.code;
  item.code = code;
  for (const place of [...form.sections, ...itemsOf(form)]) for (const part of place.showIf?.parts ?? []) renameIn(part, old, code);
}

function renameIn(c: Schemas['Condition'], old: string, code: string): void {
  if (c.item === old) c.item = code;
  for (const sub of [...(c.all ?? []), ...(c.any ?? [])]) renameIn(sub, old, code);
}

/** The comparisons that can be made with an answer of this kind. */
export function opsFor(kind: ItemKind): NonNullable<Schemas['Condition']['op']>[] {
  if (kind === 'single') return ['is', 'is_not', 'answered'];
  if (kind === 'multiple') return ['includes', 'answered'];
  return kind === 'text' ? ['answered'] : ['is', 'is_not', 'at_least', 'at_most', 'answered'];
}

/** A comparison with a question that holds for an answer which is possible. */
export function compareWith(item: DraftItem): Schemas['Condition'] {
  const op = opsFor(item.kind)[0] ?? 'answered';
  if (isChoice(item.kind)) return { item: item.code, op, choice: item.options[0]?.code ?? '' };
  if (isNumber(item.kind)) return { item: item.code, op: 'at_most', number: item.kind === 'rating' ? 2 : 6 };
  return { item: item.code, op };
}

/**
 * How many questions each dimension has, and what it weighs in per cent: the rule's weights, shared in proportion among the dimensions
 * that are asked, as the scoring does. Those shown apart weigh nothing.
 */
export function weighed(form: DraftForm, template: Pick<Schemas['TemplateView'], 'weights' | 'apart'>): { dimension: string; weight: number; apart: boolean; items: number }[] {
  const count = (d: string) => itemsOf(form).filter((i) => i.kind === 'rating' && i.dimension === d).length;
  const asked = Object.entries(template.weights).reduce((sum, [d, w]) => (count(d) > 0 ? sum + w : sum), 0);
  return [
    ...Object.entries(template.weights).map(([dimension, w]) => ({ dimension, weight: count(dimension) > 0 ? Math.round((w * 1000) / asked) / 10 : 0, apart: false, items: count(dimension) })),
    ...(template.apart ?? []).map((dimension) => ({ dimension, weight: 0, apart: true, items: count(dimension) })),
  ];
}

/** What differs between two questionnaires, question by question in the order of the second, then what the second has no more. */
export function differences(one: DraftForm, two: DraftForm): { code: string; what: 'added' | 'changed' | 'removed'; prompt: Words }[] {
  const [old, now] = [new Map(itemsOf(one).map((i) => [i.code, i])), new Map(itemsOf(two).map((i) => [i.code, i]))];
  const same = (a: DraftItem, b: DraftItem) => JSON.stringify(writeItem(a)) === JSON.stringify(writeItem(b));
  return [
    ...[...now.values()].flatMap((i) => {
      const was = old.get(i.code);
      return was && same(was, i) ? [] : [{ code: i.code, what: was ? 'changed' as const : 'added' as const, prompt: i.prompt }];
    }),
    ...[...old.values()].filter((i) => !now.has(i.code)).map((i) => ({ code: i.code, what: 'removed' as const, prompt: i.prompt })),
  ];
}
