import { asApiError } from '@redproperty/shared/api/problem';
import { keep, recall } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

/** How long the network is waited for where there is a copy. */
const patience = 6000;

/**
 * Makes a loading that goes on without the network: every answer is kept, and where none comes the copy is read. Only for what
 * the person needs to work on without a signal; copies go with the log-in. Called in setup.
 */
export function useKeptLoad<T>(what: () => string, load: (signal: AbortSignal) => Promise<T>, told: (at: number | undefined) => void = () => undefined): (signal: AbortSignal) => Promise<T> {
  const session = useSession();
  return async (signal) => {
    const whose = session.account?.account ?? '';
    const name = what();
    const asked = load(signal).then((value) => {
      void keep(whose, name, value);
      return value;
    });
    try {
      const value = await inTime(asked, async () => (await recall<T>(whose, name)) !== undefined);
      told(undefined);
      return value;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = thrown instanceof Slow ? undefined : asApiError(thrown);
      const copy = error === undefined || error.uncertain ? await recall<T>(whose, name) : undefined;
      if (!copy) throw thrown;
      told(copy.at);
      return copy.value;
    }
  };
}

class Slow extends Error {}

async function inTime<T>(asked: Promise<T>, mayGiveUp: () => Promise<boolean>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => void mayGiveUp().then((yes) => yes && reject(new Slow('no answer in time'))), patience);
  });
  try {
    return await Promise.race([asked, slow]);
  } finally {
    clearTimeout(timer);
  }
}
