import { ref } from 'vue';

import { remembered } from '@redproperty/shared/session/remembered';

/** A named filter, as the query of its address. */
export interface SavedView {
  name: string;
  query: Record<string, string>;
}

const most = 20;

function read(text: string): SavedView[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter((v): v is SavedView => typeof v === 'object' && v !== null && typeof v.name === 'string' && typeof v.query === 'object' && v.query !== null) : [];
  } catch {
    return []; // somebody else wrote there
  }
}

/** The filters that an account saved in this browser. */
export function useSavedViews(account: string) {
  const kept = remembered(`redproperty.desk.orders.views.${account}`, '[]');
  const saved = ref<SavedView[]>(read(kept.get()));

  function keep(list: SavedView[]): void {
    saved.value = list;
    kept.set(JSON.stringify(list));
  }

  return {
    saved,
    full: () => saved.value.length >= most,
    /** Adds, or puts in the place of one of the same name. */
    save(view: SavedView): void {
      keep([...read(kept.get()).filter((v) => v.name !== view.name), view].slice(-most));
    },
    remove(name: string): void {
      keep(read(kept.get()).filter((v) => v.name !== name));
    },
  };
}

export const allColumns = ['severity', 'state', 'due', 'place', 'waiting', 'category', 'handler', 'reportedAt', 'updatedAt', 'source'] as const;
export type Column = (typeof allColumns)[number];
/** On a tablet what is needed to choose an order; the rest would lie beyond the edge. */
const usual = (): Column[] => (innerWidth < 1100 ? ['severity', 'state', 'due', 'place'] : ['severity', 'state', 'due', 'place', 'waiting', 'reportedAt']);

/** The columns of the list of orders, beside number and title; remembered. */
export function useColumns() {
  const kept = remembered('redproperty.desk.orders.columns', usual().join(','));
  const columns = ref<Column[]>(allColumns.filter((c) => kept.get().split(',').includes(c)));
  return {
    columns,
    choose(chosen: Column[]): void {
      columns.value = allColumns.filter((c) => chosen.includes(c));
      kept.set(columns.value.join(','));
    },
  };
}
