import { ref, watch, type Ref, type WatchSource } from 'vue';

import { asApiError } from '@redproperty/shared/api/problem';
import { useLoad, type Load } from '@redproperty/shared/composables/use-load';
import { drop, keep, recall } from '@redproperty/shared/session/kept';
import { useSession } from '@redproperty/shared/session/session';

import { useDevice } from './state';

/** How long the network is waited for where there is a copy. */
const patience = 6000;

/** What is told and decided about a copy. */
interface Copies<T> {
  /** The moment of the copy that is read; undefined where the server answered. */
  told?(at: number | undefined): void;
  /** Whether an answer may be kept; every one where it is left out. */
  may?(value: T): boolean;
}

/**
 * Makes a loading that goes on without the network: every answer is kept, and where none comes the copy is read. Only for what
 * the person needs to work on without a signal; copies go with the log-in. Called in setup.
 */
export function useKeptLoad<T>(what: () => string, load: (signal: AbortSignal) => Promise<T>, { told = () => undefined, may = () => true }: Copies<T> = {}): (signal: AbortSignal) => Promise<T> {
  const session = useSession();
  return async (signal) => {
    const whose = session.account?.account ?? '';
    const name = what();
    const asked = load(signal).then((value) => {
      void (may(value) ? keep(whose, name, value) : drop(whose, name));
      return value;
    });
    try {
      const value = await inTime(asked, async () => (await recall<T>(whose, name)) !== undefined);
      told(undefined);
      return value;
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = thrown instanceof Slow ? undefined : asApiError(thrown);
      if (error?.forbidden || error?.notFound) await drop(whose, name); // no longer theirs to read
      const copy = error === undefined || error.uncertain ? await recall<T>(whose, name) : undefined;
      if (!copy) throw thrown;
      told(copy.at);
      return copy.value;
    }
  };
}

/** What is read goes on without the network: `keptAt` is the moment of the copy that is shown; undefined where the server answered. */
export interface Kept {
  keptAt: Ref<number | undefined>;
}

/** Loads one thing, as useLoad, and goes on without the network; anew once there is one again. Called in setup. */
export function useKept<T>(what: () => string, load: (signal: AbortSignal) => Promise<T>, on?: WatchSource | WatchSource[]): Load<T> & Kept {
  const keptAt = ref<number>();
  const loaded = useLoad(useKeptLoad(what, load, { told: (at) => (keptAt.value = at) }), on);
  useFresh(keptAt, loaded.reload);
  return { ...loaded, keptAt };
}

/** Asks the server again once the network is back, where a copy is shown. */
export function useFresh(keptAt: Ref<number | undefined>, reload: () => Promise<void>): void {
  const device = useDevice();
  watch(() => device.online, (online) => online && keptAt.value !== undefined && void reload());
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
