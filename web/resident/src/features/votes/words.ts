import type { Schemas } from '@redproperty/shared/api/client';
import { useLanguage } from '@redproperty/shared/i18n/use-language';
import { abstain, against, chosen, type Choice } from '@redproperty/shared/vote/choice';

import { useT } from '@/texts';

/** A choice as a person reads it, in setup. */
export function useChoiceWords() {
  const t = useT();
  const { locale } = useLanguage();
  return (item: Schemas['VoteItem'], choice: Choice | undefined): string => {
    const options = item.options ?? [];
    if (choice === undefined) return t('votes.ballot.choose');
    if (choice === abstain) return t('votes.abstain');
    if (choice === against) return t(options.length > 1 ? 'votes.noneOf' : 'votes.against');
    return chosen(choice, options.length).map((n) => options[n]?.text ?? '').join(locale() === 'en' ? ', ' : '、');
  };
}
