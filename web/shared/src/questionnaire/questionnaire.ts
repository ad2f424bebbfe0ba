import type { Schemas } from '../api/client';
import type { Locale } from '../i18n/types';

export type Questionnaire = Schemas['Questionnaire'];
export type Section = Schemas['Section'];
export type Item = Schemas['QuestionnaireItem'];
export type Condition = Schemas['Condition'];
export type Words = Schemas['Text'];

/** "Don't know": an answer without a size; no option may be named so. */
export const dontKnow = 'dont_know';

/** An answer: a number, an option, "don't know" or words, or a list of options. */
export type Answer = number | string | string[];

/** The answers of one ballot by the items' codes; an item without an answer is left out. */
export type Answers = Record<string, Answer>;

export const itemsOf = (form: Questionnaire): Item[] => (form.sections ?? []).flatMap((s) => s.items ?? []);

/** A text in the language shown. */
export const inLanguage = (text: Words | undefined, locale: Locale): string => (locale === 'en' ? text?.en : text?.zh) ?? '';

/** The least and the greatest number of a kind; undefined for kinds that take none. */
export function range(kind: Item['kind']): [number, number] | undefined {
  if (kind === 'rating') return [1, 5];
  return kind === 'scale10' ? [0, 10] : undefined;
}

/** How many options may be chosen of a multiple choice. */
export function bounds(item: Item): [number, number] {
  return [Math.max(item.minChoices ?? 0, 1), item.maxChoices || (item.options?.length ?? 0)];
}

/** The one text form of answers, which a commitment is over: sorted, without spaces. */
export function canonical(answers: Answers): string {
  const value = (a: Answer) => JSON.stringify(Array.isArray(a) ? [...a].sort() : a);
  return `{${Object.keys(answers).sort().map((code) => `${JSON.stringify(code)}:${value(answers[code] as Answer)}`).join(',')}}`;
}

function ofKind(form: Questionnaire, answers: Answers, words: boolean): Answers {
  return Object.fromEntries(itemsOf(form).filter((i) => (i.kind === 'text') === words && i.code in answers).map((i) => [i.code, answers[i.code] as Answer]));
}

/** The answers that are published in the end: all but words. */
export const scored = (form: Questionnaire, answers: Answers): Answers => ofKind(form, answers, false);

/** The answers in words, which are kept apart. */
export const words = (form: Questionnaire, answers: Answers): Answers => ofKind(form, answers, true);
