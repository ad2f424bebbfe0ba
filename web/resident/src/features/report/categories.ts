import { computed, ref, watch, onScopeDispose } from 'vue';

import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { ApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { useLoad } from '@redproperty/shared/composables/use-load';
import { useLanguage } from '@redproperty/shared/i18n/use-language';

import { useKeptLoad } from '@/features/offline/kept-load';

export type Category = Schemas['CategoryView'];
export type Group = Schemas['CategoryGroup'];

/** Milliseconds between the last letter typed and the search. */
const pause = 250;

async function loadGroups(api: Api, signal?: AbortSignal): Promise<Group[]> {
  return (await take(api.GET('/api/v1/work-order-categories', { signal: signal ?? null }))).groups ?? [];
}

/** The loading of all categories, which goes on without the network. Called in setup. */
export function useGroups() {
  const api = useApi();
  return useKeptLoad(() => 'categories', (signal) => loadGroups(api, signal));
}

/** The category of a code; undefined where it is none. */
export function findCategory(groups: Group[], code: string): Category | undefined {
  return groups.flatMap((g) => g.categories ?? []).find((c) => c.code === code);
}

/** Picks the words of the language that is shown. */
export function useWords() {
  const { locale } = useLanguage();
  return {
    name: (x: { nameZh: string; nameEn: string }) => (locale() === 'en' ? x.nameEn : x.nameZh),
    pick: (zh: string, en: string) => (locale() === 'en' ? en : zh),
  };
}

/** Without a network: those whose name has the words in it. Pinyin needs the server. */
function named(groups: Group[], words: string): Category[] {
  const wanted = words.toLowerCase();
  return groups.flatMap((g) => g.categories ?? []).filter((c) => c.nameZh.includes(wanted) || c.nameEn.toLowerCase().includes(wanted));
}

/** All categories, and a search in them by words, pinyin or initials. */
export function useCategories() {
  const api = useApi();
  const all = useLoad(useGroups());
  const words = ref('');
  const asked = ref('');
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(words, (now) => {
    clearTimeout(timer);
    timer = setTimeout(() => (asked.value = now.trim()), now.trim() === '' ? 0 : pause);
  });
  onScopeDispose(() => clearTimeout(timer));
  const search = useLoad(async (signal) => {
    if (asked.value === '') return undefined;
    try {
      return (await take(api.GET('/api/v1/work-order-categories', { params: { query: { q: asked.value } }, signal }))).found ?? [];
    } catch (thrown) {
      if (!(thrown instanceof ApiError) || thrown.status !== 0 || !all.data.value) throw thrown;
      return named(all.data.value, asked.value);
    }
  }, asked);
  return { all, words, search, found: computed(() => (asked.value === '' ? undefined : search.data.value)) };
}
