import { visible } from './branching';
import { bounds, dontKnow, itemsOf, range, type Answer, type Answers, type Item, type Questionnaire } from './questionnaire';

/** Why an answer is refused; the words are the server's codes. */
export type Refusal = 'answer.hidden' | 'answer.required' | 'answer.item_unknown' | 'answer.option' | 'answer.options' | 'answer.choices' | 'answer.choice_twice' | 'answer.number' | 'answer.dont_know' | 'answer.text' | 'text.control' | 'text.length' | 'questionnaire.text_not_clean';

/** Brings words into the form in which they are sent: composed, with LF line ends, without outer spaces. */
export function cleanWords(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC').replace(/^[\s\u0085]+|[\s\u0085]+$/g, (edge) => (edge.includes('\ufeff') ? edge : ''));
}

/** How many characters words have, as the limit counts them. */
export const length = (text: string): number => Array.from(text).length;

const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

function checkNumber(item: Item, answer: Answer): Refusal | undefined {
  const [least, most] = range(item.kind) ?? [0, 0];
  if (answer === dontKnow) return item.dontKnow ? undefined : 'answer.dont_know';
  return typeof answer === 'number' && Number.isInteger(answer) && answer >= least && answer <= most ? undefined : 'answer.number';
}

function checkChoices(item: Item, answer: Answer): Refusal | undefined {
  const known = new Set(item.options?.map((o) => o.code));
  const [least, most] = bounds(item);
  if (!Array.isArray(answer) || answer.some((code) => !known.has(code))) return 'answer.options';
  if (new Set(answer).size < answer.length) return 'answer.choice_twice';
  return answer.length < least || answer.length > most ? 'answer.choices' : undefined;
}

function checkWords(item: Item, answer: Answer): Refusal | undefined {
  if (typeof answer !== 'string') return 'answer.text';
  const clean = cleanWords(answer);
  if (control.test(clean)) return 'text.control';
  if (length(clean) < 1 || length(clean) > (item.maxRunes ?? 0)) return 'text.length';
  return clean === answer ? undefined : 'questionnaire.text_not_clean';
}

/** Whether an answer fits its item; undefined where it does. */
export function checkAnswer(item: Item, answer: Answer | undefined): Refusal | undefined {
  if (answer === undefined) return item.required ? 'answer.required' : undefined;
  switch (item.kind) {
    case 'rating':
    case 'scale10': return checkNumber(item, answer);
    case 'single': return typeof answer === 'string' && item.options?.some((o) => o.code === answer) ? undefined : 'answer.option';
    case 'multiple': return checkChoices(item, answer);
    default: return checkWords(item, answer);
  }
}

/** Every item wrongly answered with the reason, in the questionnaire's order; empty where the server accepts the answers. */
export function checkAnswers(form: Questionnaire, answers: Answers): { item: string; why: Refusal }[] {
  const shown = new Set(visible(form, answers).map((i) => i.code));
  const items = itemsOf(form);
  const found = items.flatMap((item) => {
    const answer = answers[item.code];
    const why = shown.has(item.code) ? checkAnswer(item, answer) : answer !== undefined ? 'answer.hidden' as const : undefined;
    return why ? [{ item: item.code, why }] : [];
  });
  const known = new Set(items.map((i) => i.code));
  return [...found, ...Object.keys(answers).filter((code) => !known.has(code)).sort().map((item) => ({ item, why: 'answer.item_unknown' as const }))];
}
