import { newKey } from '@redproperty/shared/api/client';
import { remembered } from '@redproperty/shared/session/remembered';

/** What is typed into a report, kept in this browser until it is sent or thrown away. */
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

interface Kept {
  draft: Draft;
  /** The key under which `sent` was sent without a clear answer: the same text goes out under the same key again. */
  key?: string;
  sent?: string;
}

/**
 * The report in hand of one account. It outlives a lost connection, a closed page and a log-in that ended, and so does
 * the key of a report whose answer never came: sending it again cannot make a second one.
 */
export function keptDraft(account: string) {
  const store = remembered(`redproperty.report.${account}`, '');

  function read(): Kept | undefined {
    try {
      return JSON.parse(store.get()) as Kept;
    } catch {
      return undefined;
    }
  }

  return {
    load: (category: string): Draft => {
      const kept = read()?.draft;
      return kept?.category === category ? { ...emptyDraft(category), ...kept } : emptyDraft(category);
    },
    save(draft: Draft): void {
      store.set(JSON.stringify({ ...read(), draft } satisfies Kept));
    },
    /** Whether the last attempt to send just this got no answer. */
    uncertain: (draft: Draft): boolean => read()?.sent === JSON.stringify(draft),
    /** The key to send this draft under. */
    keyFor(draft: Draft): string {
      const sent = JSON.stringify(draft);
      const kept = read();
      const key = kept?.key && kept.sent === sent ? kept.key : newKey();
      store.set(JSON.stringify({ draft, key, sent } satisfies Kept));
      return key;
    },
    /** A clear refusal: the next attempt is a new one. */
    refused(draft: Draft): void {
      store.set(JSON.stringify({ draft } satisfies Kept));
    },
    clear: (): void => store.set(''),
  };
}
