import { reactive, toRaw } from 'vue';

import type { FieldProblem } from '@redproperty/shared/api/problem';

import type { DraftForm } from './form';

/**
 * What the server says is wrong, kept with the part it is about: with the question itself, not with its place, so that it goes
 * along when the question is moved.
 */
export function useFaults() {
  const found = reactive(new Map<object, Record<string, string>>());

  function put(thing: object, field: string, words: string): void {
    const at = toRaw(thing);
    const all = found.get(at) ?? {};
    found.set(at, { ...all, [field]: all[field] ?? words });
  }

  return {
    /** Places the refusals of a questionnaire that was sent as it stands; returns those that are about no part of it. */
    place(form: DraftForm, fields: FieldProblem[]): FieldProblem[] {
      found.clear();
      return fields.filter((f) => {
        const at = locate(form, f.path);
        if (at) put(at.thing, at.field, f.detail);
        return !at;
      });
    },
    /** What is wrong with a part, by its field: "prompt.zh", "showIf". */
    of: (thing: object): Record<string, string> => found.get(toRaw(thing)) ?? {},
    /** That a field was typed in again, so that what was said about it is old; without a field, all about the part. */
    touch(thing: object, field?: string): void {
      const at = toRaw(thing);
      const all = found.get(at);
      if (!all) return;
      const left = Object.fromEntries(Object.entries(all).filter(([f]) => field !== undefined && f !== field && !f.startsWith(`${field}.`) && !f.startsWith(`${field}[`)));
      if (Object.keys(left).length > 0) found.set(at, left);
      else found.delete(at);
    },
    clear: () => found.clear(),
    get count(): number {
      return found.size;
    },
  };
}

/** The part of the questionnaire that a path such as "sections[1].items[0].options[2].text.zh" is about, and the field in it. */
export function locate(form: DraftForm, path: string): { thing: object; field: string } | undefined {
  const rest = path.replace(/^body\./, '').replace(/^questionnaire\.?/, '');
  const [, s, i, o, field] = /^(?:sections\[(\d+)\]\.?)?(?:items\[(\d+)\]\.?)?(?:options\[(\d+)\]\.?)?(.*)$/.exec(rest) ?? [];
  if (s === undefined) return /^(?:title|intro|sections)/.test(rest) ? { thing: form, field: rest } : undefined;
  const section = form.sections[Number(s)];
  const item = i === undefined ? undefined : section?.items[Number(i)];
  const option = o === undefined ? undefined : item?.options[Number(o)];
  const thing = o !== undefined ? option : i !== undefined ? item : section;
  return thing && { thing, field: field || 'items' };
}
