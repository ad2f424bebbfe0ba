import { defineStore } from 'pinia';
import { ref } from 'vue';

import { useSession } from './session';

/** The question in which capacity to act, asked by the API client and answered on the page. */
export const useCapacityChoice = defineStore('capacity-choice', () => {
  const session = useSession();
  /** The ids to choose among; undefined while nothing is asked. */
  const among = ref<string[]>();
  let answer: ((id: string | undefined) => void) | undefined;

  /** Asks; the capacity the person acts in by preference answers without asking, where it is among them. */
  function ask(ids: string[]): Promise<string | undefined> {
    const all = session.capacities.map((c) => c.id);
    const choices = ids.length > 0 ? ids : all;
    if (choices.includes(session.capacity)) return Promise.resolve(session.capacity);
    answer?.(undefined);
    among.value = choices;
    return new Promise((resolve) => (answer = resolve));
  }

  function choose(id: string | undefined): void {
    among.value = undefined;
    answer?.(id);
    answer = undefined;
  }

  return { among, ask, choose };
});
