import { doubtful, type Refusal } from './action';

export type Why = 'changed' | 'state' | 'gone' | 'forbidden' | 'invalid' | 'doubtful' | 'failed' | 'unknown';

/** What a refusal means to the person, in a word. */
export function whyOf({ status, code }: Pick<Refusal, 'status' | 'code'>): Why {
  if (code === doubtful) return 'doubtful';
  switch (status) {
    case 412: return 'changed';
    case 404: return 'gone';
    case 403: return 'forbidden';
    case 409: return 'state';
    case 410: return 'unknown';
    default: return status >= 500 ? 'failed' : 'invalid';
  }
}
