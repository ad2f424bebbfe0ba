import type { Schemas } from '@redproperty/shared/api/client';
import { useLanguage } from '@redproperty/shared/i18n/use-language';
import { choiceWords, type Choice } from '@redproperty/shared/vote/choice';
import { readable } from '@redproperty/shared/vote/options';

import { useT } from '@/texts';

/** A choice as a person reads it, in setup. */
export function useChoiceWords() {
  const t = useT();
  const { locale } = useLanguage();
  return (item: Schemas['VoteItem'], choice: Choice | undefined): string => {
    if (choice === undefined) return t('votes.ballot.choose');
    return choiceWords(readable(item.options ?? [], t('votes.result.favour')), choice, (word) => t(`votes.${word}`), locale());
  };
}
