import { computed, ref, shallowRef, watch, type Ref } from 'vue';

import { take, type Schemas } from '../api/client';
import { useApi } from '../api/use-api';
import { BallotError, type BallotFault } from '../ballot/problem';
import { deviceStore, type Store } from '../ballot/store';
import { useAction } from '../composables/use-action';
import { useLoad } from '../composables/use-load';
import { remembered } from '../session/remembered';
import { useSession } from '../session/session';
import type { SealedBox, VoteRecord } from './record';
import type { Dealing, Opened, Part, SealedBallot, Secret, TellerError } from './teller';
import { VoteTrust } from './trust';
import type { zh } from './words';

/** What a teller has to do next. */
export type TellerStep = 'sit' | 'full' | 'load' | 'deal' | 'confirm' | 'count' | 'wait' | 'done' | 'over';

/** What stopped a teller, and whose work it was: a seat, or a line of the roll. */
export interface TellerFault {
  fault: TellerError['fault'] | BallotFault | 'wrongFile';
  no: number;
}

/** Under which of the shared words a fault is told. */
export const tellerFault = (fault: TellerFault['fault']): keyof typeof zh.stopped => (fault in others ? others[fault as keyof typeof others] : (fault as Exclude<typeof fault, keyof typeof others>));

const others = {
  secret: 'wrongFile', insecure: 'ledger', untrusted: 'ledger', rekeyed: 'changed', rewritten: 'changed', forged: 'ledger', receipt: 'ledger', broken: 'ledger', missing: 'ledger', unkept: 'kept', malformed: 'ledger', used_up: 'ledger',
} satisfies Partial<Record<TellerFault['fault'], keyof typeof zh.stopped>>;

interface Box extends SealedBox {
  parts: { purpose: string; from: number; sealed: string }[];
}

/** How often the ledger is asked again for what was just written, and after how long, as the command line does. */
const patience = 30;
const pause = 1000;

/**
 * A teller's own device in the browser: it does what the vote waits for, as the command line does. The secret stays in this browser,
 * for this account, and in the file that the teller saves; choices are opened in memory and kept nowhere.
 */
export function useTeller(vote: Ref<Schemas['Seen']>, changed: () => void, store: Store = deviceStore) {
  const api = useApi();
  const trust = new VoteTrust(api, store);
  const work = () => import('./teller');
  const path = () => ({ params: { path: { voteId: vote.value.id } } });
  /** Of one account: two tellers at one computer must not take their seats with one secret. */
  const place = remembered(`redproperty.teller.${useSession().account?.account ?? ''}.${vote.value.id}`, '');
  const seats = useLoad(async (signal) => (await take(api.GET('/api/v1/votes/{voteId}/tellers', { ...path(), signal }))).items ?? [], () => vote.value.version);
  let held = place.get();
  const secret = shallowRef<Secret | undefined>(parse(held));
  const fault = ref<TellerFault>();
  /** What this teller's part was handed over for: the vote, or the opening of a ballot. */
  const sent = ref<string[]>([]);
  const totals = shallowRef<Schemas['Outcome']>();
  /** Who has handed in a count, and whether no two are the same. */
  const handed = shallowRef<{ counts: number[]; differ: boolean }>();
  const opened = shallowRef<Opened & { opening: string }>();
  const mine = computed(() => seats.data.value?.find((s) => s.mine));
  /** The number of the key as this device computes it: the one that the tellers compare. */
  const number = ref('');

  const openings = useLoad(async (signal) => (vote.value.closedAt && mine.value ? (await take(api.GET('/api/v1/votes/{voteId}/openings', { ...path(), signal }))).items ?? [] : []), () => [vote.value.version, mine.value?.no]);
  /** Single ballots that an authority asked for: those that wait, and the one that is on the screen. */
  const asked = computed(() => (openings.data.value ?? []).filter((o) => !o.openedAt || o.id === opened.value?.opening));

  const step = computed<TellerStep | undefined>(() => {
    const all = seats.data.value;
    if (!all) return undefined;
    const { state, keyHash } = vote.value;
    if (state === 'roll_posted' && !keyHash && !mine.value) return all.length < 3 ? 'sit' : 'full';
    if (!mine.value) return 'full';
    if (state === 'roll_posted' && !keyHash) {
      if (!secret.value) return 'load';
      if (all.length < 3 || (mine.value.dealing && all.some((s) => !s.dealing)) || mine.value.confirmed) return 'wait';
      return mine.value.dealing ? 'confirm' : 'deal';
    }
    if (state === 'closed') return secret.value ? 'count' : 'load';
    return ['roll_posted', 'open', 'extended'].includes(state) ? 'done' : 'over';
  });

  /** Keeps the secret before anything of it is sent, so that after a lost answer it is still the one that was sent. */
  async function keep(next: Secret): Promise<void> {
    const { TellerError } = await work();
    held = JSON.stringify(next);
    place.set(held);
    if (place.get() !== held) throw new TellerError('unkept', next.no);
    secret.value = next;
  }

  /** The secret as it is now: another tab may have gone on with it. */
  function latest(): Secret | undefined {
    if (place.get() !== held) {
      held = place.get();
      secret.value = parse(held);
    }
    return secret.value;
  }

  /** Takes the secret out of this browser; it is in the teller's own file then, and nowhere else. */
  function forget(): void {
    place.set('');
    latest();
  }

  /** Runs a teller's work; what is wrong with a dealing, a part or a ballot is told with its number. */
  async function guarded(does: () => Promise<void>): Promise<void> {
    const { TellerError } = await work();
    try {
      await does();
    } catch (thrown) {
      if (!(thrown instanceof TellerError || thrown instanceof BallotError)) throw thrown;
      fault.value = { fault: thrown.fault, no: thrown instanceof TellerError ? thrown.no : 0 };
    }
  }

  /** The secret with the seat that the server knows; undefined, with a fault, where it is another seat's. */
  async function seated(): Promise<Secret | undefined> {
    const { sits } = await work();
    const [me, s] = [mine.value, latest()];
    if (!me || !s || !sits(s, me.reach)) {
      fault.value = { fault: 'wrongFile', no: me?.no ?? 0 };
      return undefined;
    }
    return { ...s, no: me.no };
  }

  const reaches = () => (seats.data.value ?? []).map((s) => s.reach);
  const dealings = () => (seats.data.value ?? []).map((s) => s.dealing as unknown as Dealing);

  async function sit(headers: Record<string, string>): Promise<void> {
    const { startTeller, reachOf } = await work();
    const s = latest() ?? startTeller(vote.value.id);
    await keep(s);
    await take(api.POST('/api/v1/votes/{voteId}/tellers', { ...path(), headers, body: { reach: reachOf(s) } }));
  }

  async function dealOut(headers: Record<string, string>, s: Secret): Promise<void> {
    const { deal } = await work();
    const next = await deal(s, reaches());
    await keep(next);
    await take(api.PUT('/api/v1/votes/{voteId}/teller/dealing', { ...path(), headers, body: next.dealing as Schemas['Dealing'] }));
  }

  async function confirm(headers: Record<string, string>, s: Secret): Promise<void> {
    const { finish } = await work();
    const done = await finish(s, reaches(), dealings());
    const seen = await trust.first(); // whatever the vote opens, takes and closes comes after it
    await keep({ ...done.secret, since: s.since ?? seen.head.size });
    await seen.keep();
    await take(api.POST('/api/v1/votes/{voteId}/teller/confirm', { ...path(), headers, body: { keyHash: done.hash } }));
  }

  /** Computes the key that this teller confirmed once more, and wants what everybody seals to to be it. */
  async function verify(): Promise<void> {
    number.value = '';
    const { keyHash, keyPublic } = vote.value;
    if (!secret.value || !mine.value?.confirmed || dealings().some((d) => !d)) return;
    const { finish, TellerError } = await work();
    const s = await seated();
    if (!s) return;
    const { hash, key } = await finish(s, reaches(), dealings());
    number.value = hash;
    if (keyHash !== undefined && (keyHash !== hash || keyPublic !== key.public)) throw new TellerError('differs', s.no);
  }
  watch([() => seats.data.value, secret], () => void guarded(verify), { immediate: true });

  const box = async (): Promise<Schemas['Box'] & Box> => (await take(api.GET('/api/v1/votes/{voteId}/box', path()))) as Schemas['Box'] & Box;

  /**
   * Shows that the box, and what more is wanted, is what the ledger has of the vote, and that it has nothing else of it; nothing is made of it
   * before. What was just written is in the ledger some seconds later.
   */
  async function recorded(s: Secret, b: Box, more: (record: VoteRecord) => void | Promise<void> = () => undefined): Promise<void> {
    const { VoteRecord } = await import('./record');
    for (let again = patience; ; again--) {
      const seen = await trust.newest();
      const record = new VoteRecord(vote.value.id, await trust.leaves(vote.value.id)); // after the ledger: whatever of the vote is in that is listed now
      await record.box(b);
      await more(record);
      if (record.in(seen.head.size)) {
        const from = record.first(s.since ?? seen.head.size - 1);
        await record.whole(from, await trust.all(seen.head, from));
        return seen.keep();
      }
      if (again === 0) throw new BallotError('unsealed');
      await new Promise((next) => setTimeout(next, pause));
    }
  }

  async function send(s: Secret, part: Part, purpose: string): Promise<void> {
    const { sendPart } = await work();
    for (const to of [1, 2, 3].filter((no) => no !== s.no)) {
      await take(api.PUT('/api/v1/votes/{voteId}/teller/parts', { ...path(), body: { purpose, to, sealed: await sendPart(s, part, purpose, to) } }));
    }
    sent.value = [...sent.value, purpose];
  }

  /**
   * Opens something with the first part of another teller that is in order; undefined where none is there. A teller whose part is not in
   * order does not hold up the two others; they are named where there is no other part.
   */
  async function openWith<T>(s: Secret, b: Box, purpose: string, opens: (other: Part) => Promise<T>): Promise<T | undefined> {
    const { receivePart, TellerError } = await work();
    let wrong: unknown;
    for (const p of b.parts.filter((x) => x.purpose === purpose)) {
      try {
        return await opens(await receivePart(s, p.sealed, purpose, p.from));
      } catch (thrown) {
        if (!(thrown instanceof TellerError)) throw thrown;
        wrong = thrown;
      }
    }
    if (wrong) throw wrong;
    return undefined;
  }

  async function count(headers: Record<string, string>, s: Secret): Promise<void> {
    const { makePart, openBallots, countBallots } = await work();
    const b = await box();
    await recorded(s, b);
    const own = await makePart(s, b.key, b.ballots);
    await send(s, own, vote.value.id);
    const choices = await openWith(s, b, vote.value.id, (other) => openBallots(b.key, { vote: vote.value.id, form: b.form }, (b.questions ?? []).length, b.ballots, own, other));
    if (!choices) return;
    const { outcome, spoiled } = countBallots(b.questions ?? [], b.ballots, choices);
    totals.value = outcome;
    await take(api.PUT('/api/v1/votes/{voteId}/teller/count', { ...path(), headers, body: { outcome, spoiled } }));
    const after = await box();
    handed.value = { counts: after.counts ?? [], differ: after.differ };
  }

  const run = useAction(({ headers }, what: TellerStep) => guarded(async () => {
    fault.value = undefined;
    if (what === 'sit') await sit(headers);
    else {
      const s = await seated();
      if (!s) return;
      if (what === 'deal') await dealOut(headers, s);
      if (what === 'confirm') await confirm(headers, s);
      if (what === 'count') await count(headers, s);
    }
    await seats.reload();
    changed();
  }));

  /** One ballot with the pictures of its paper: asked for, and the ones that the ledger has. */
  async function single(s: Secret, b: Box, opening: string, head: number): Promise<SealedBallot[]> {
    const { singleList } = await work();
    const ballot = b.ballots.find((x) => x.head === head);
    if (!ballot) return [];
    const { scans } = await take(api.GET('/api/v1/votes/{voteId}/openings/{voteOpeningId}/scans', { params: { path: { voteId: vote.value.id, voteOpeningId: opening } } }));
    await recorded(s, b, async (record) => {
      record.asked(opening, head);
      await record.scans(head, scans ?? []);
    });
    return singleList(ballot, scans ?? []);
  }

  /** This teller's share of opening one ballot: hands over the part or, where another's is there, shows the choice once its opening is on record. */
  const open = useAction(({ headers }, opening: string, head: number) => guarded(async () => {
    fault.value = undefined;
    const { makePart, openSingle } = await work();
    const s = await seated();
    if (!s) return;
    const b = await box();
    const list = await single(s, b, opening, head);
    const own = await makePart(s, b.key, list);
    let found: Opened | undefined;
    try {
      found = await openWith(s, b, opening, (other) => openSingle(b.key, { vote: vote.value.id, form: b.form }, (b.questions ?? []).length, list, own, other));
    } finally {
      if (!found) await send(s, own, opening);
    }
    if (!found) return;
    await take(api.POST('/api/v1/votes/{voteId}/openings/{voteOpeningId}/opened', { params: { path: { voteId: vote.value.id, voteOpeningId: opening } }, headers }));
    opened.value = { opening, ...found };
    await openings.reload();
  }));

  /** Takes a teller's file that was saved before. */
  const load = (file: Blob) => guarded(async () => {
    fault.value = undefined;
    const { isSecret } = await work();
    const found = parse(await file.text());
    if (isSecret(found, vote.value.id)) await keep(found);
    else fault.value = { fault: 'wrongFile', no: mine.value?.no ?? 0 };
  });

  /** The person has read what stopped the work, and goes on. */
  const dismiss = () => (fault.value = undefined);

  return { seats, mine, step, secret, number, fault, dismiss, sent, totals, handed, asked, openings, opened, run, open, load, forget };
}

function parse(text: string): Secret | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Secret);
  } catch {
    return undefined;
  }
}
