import { itemsOf, type Answer, type Answers, type Condition, type Item, type Questionnaire } from './questionnaire';

/** Whether a condition holds; `seen` has the answers of visible items only. */
function holds(condition: Condition | undefined, seen: Answers): boolean {
  if (!condition) return true;
  if (condition.all?.length) return condition.all.every((c) => holds(c, seen));
  if (condition.any?.length) return condition.any.some((c) => holds(c, seen));
  const answer = seen[condition.item ?? ''];
  return answer !== undefined && compare(condition, answer);
}

function compare(c: Condition, answer: Answer): boolean {
  const same = c.number !== undefined ? answer === c.number : typeof answer === 'string' && answer === (c.choice ?? '');
  switch (c.op) {
    case 'answered': return true;
    case 'is': return same;
    case 'is_not': return !same;
    case 'at_least': return typeof answer === 'number' && c.number !== undefined && answer >= c.number;
    case 'at_most': return typeof answer === 'number' && c.number !== undefined && answer <= c.number;
    case 'includes': return Array.isArray(answer) && answer.includes(c.choice ?? '');
    default: return false;
  }
}

/**
 * The items that these answers make visible, in order: one pass from first to last, since conditions look at earlier items
 * only. The answer of a hidden item counts as none for later conditions.
 */
export function visible(form: Questionnaire, answers: Answers): Item[] {
  const seen: Answers = {};
  const out: Item[] = [];
  for (const section of form.sections ?? []) {
    if (!holds(section.showIf, seen)) continue;
    for (const item of section.items ?? []) {
      if (!holds(item.showIf, seen)) continue;
      out.push(item);
      const answer = answers[item.code];
      if (answer !== undefined) seen[item.code] = answer;
    }
  }
  return out;
}

/** The answers without those to hidden items: what a form that changed its mind sends. */
export function shownAnswers(form: Questionnaire, answers: Answers): Answers {
  const codes = new Set(visible(form, answers).map((i) => i.code));
  return Object.fromEntries(itemsOf(form).filter((i) => codes.has(i.code) && answers[i.code] !== undefined).map((i) => [i.code, answers[i.code] as Answer]));
}

/** The section that an item stands in. */
export const sectionOf = (form: Questionnaire, code: string) => (form.sections ?? []).find((s) => s.items?.some((i) => i.code === code));
