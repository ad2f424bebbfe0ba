import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import type { Locale } from '@redproperty/shared/i18n/types';

export type Category = Schemas['CategoryView'];

/** The dictionary of what can be reported, loaded once. */
export const useCategories = defineStore('categories', () => {
  const tree = shallowRef<Schemas['CategoryTree']>();
  let asked: Promise<void> | undefined;

  /** Loads it where it is not there yet. A failure leaves codes in the place of names, and the next call tries again. */
  function need(api: Api): Promise<void> {
    asked ??= take(api.GET('/api/v1/work-order-categories')).then((answer) => void (tree.value = answer)).catch(() => void (asked = undefined));
    return asked;
  }

  const byCode = computed(() => new Map((tree.value?.groups ?? []).flatMap((g) => g.categories ?? []).map((c) => [c.code, c])));

  return {
    need, tree, find: (code: string): Category | undefined => byCode.value.get(code),
    name: (code: string, locale: Locale): string => {
      const found = byCode.value.get(code);
      return found ? (locale === 'en' ? found.nameEn : found.nameZh) : code;
    },
  };
});
