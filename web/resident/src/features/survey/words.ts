import { useLanguage } from '@redproperty/shared/i18n/use-language';
import { dontKnow, inLanguage, type Answer, type Item } from '@redproperty/shared/questionnaire/questionnaire';

import { useT } from '@/texts';

/** An answer as a person reads it, in setup. */
export function useAnswerWords() {
  const t = useT();
  const { locale } = useLanguage();
  return (item: Item, answer: Answer | undefined): string => {
    if (answer === undefined || answer === '' || (Array.isArray(answer) && answer.length === 0)) return t('survey.review.none');
    if (item.kind === 'text') return String(answer);
    if (answer === dontKnow) return t('question.dontKnow');
    if (item.kind === 'rating') return t(`question.rating.r${answer as 5}`);
    const option = (code: string) => inLanguage(item.options?.find((o) => o.code === code)?.text, locale());
    return typeof answer === 'number' ? String(answer) : [answer].flat().map(option).join(locale() === 'en' ? ', ' : '、');
  };
}
