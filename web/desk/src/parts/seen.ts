import { ApiError } from '@redproperty/shared/api/problem';

export type Match = { 'If-Match': string };

/**
 * Sends the changes of a form with the version that it was begun from. Where somebody else was first, that is refused once: the person is told and
 * may look (ProblemNote's `now`), and the next time what they typed goes over it. Without this, the words could only be copied out of the page and lost.
 */
export function useSeen(version: number, read: () => Promise<{ version: number }>): <T>(change: (match: Match) => Promise<T>) => Promise<T> {
  let seen = version;
  return async (change) => {
    try {
      return await change({ 'If-Match': `"${seen}"` });
    } catch (thrown) {
      if (thrown instanceof ApiError && thrown.status === 412) seen = await read().then((now) => now.version, () => seen);
      throw thrown;
    }
  };
}
