import { remembered } from '@redproperty/shared/session/remembered';

/** What is typed into a report, kept in this browser until it is in the queue or thrown away. */
export interface Draft {
  category: string;
  /** home, building, public:ID, or whole */
  place: string;
  detail: string;
  description: string;
  contactName: string;
  contactPhone: string;
  contactOptOut: boolean;
  unnamed: boolean;
}

export function emptyDraft(category: string): Draft {
  return { category, place: '', detail: '', description: '', contactName: '', contactPhone: '', contactOptOut: false, unnamed: false };
}

/** The report in hand of one account. It outlives a closed page and a log-in that ended. */
export function keptDraft(account: string) {
  const store = remembered(`redproperty.report.${account}`, '');

  function read(): Draft | undefined {
    try {
      return JSON.parse(store.get()) as Draft;
    } catch {
      return undefined;
    }
  }

  return {
    load: (category: string): Draft => {
      const kept = read();
      return kept?.category === category ? { ...emptyDraft(category), ...kept } : emptyDraft(category);
    },
    save: (draft: Draft): void => store.set(JSON.stringify(draft)),
    clear: (): void => store.set(''),
    /** Whether something is typed that was not sent. */
    started: (): boolean => (read()?.description ?? '').trim() !== '',
  };
}
