import { computed, ref, shallowRef, type Ref } from 'vue';

import { take, type Schemas } from '../api/client';
import { useApi } from '../api/use-api';
import { useAction } from '../composables/use-action';
import { useLoad } from '../composables/use-load';
import { remembered } from '../session/remembered';
import type { Choice } from './choice';
import type { Dealing, Key, Part, SealedBallot, Secret } from './teller';

/** What a teller has to do next. */
export type TellerStep = 'sit' | 'full' | 'load' | 'deal' | 'confirm' | 'count' | 'wait' | 'done' | 'over';

/** What stopped a teller, and whose work it was. */
export interface TellerFault {
  fault: 'dealing' | 'part' | 'secret' | 'differs' | 'wrongFile';
  seat: number;
}

/** A teller's file in this browser. */
const place = (vote: string) => remembered(`redproperty.teller.${vote}`, '');

interface Box {
  key: Key;
  ballots: SealedBallot[];
  parts: { purpose: string; from: number; sealed: string }[];
  seats: Schemas['Seat'][];
}

/**
 * A teller's own device in the browser: it does what the vote waits for, as the command line does. The secret stays in this browser
 * and in the file that the teller saves; choices are opened in memory and kept nowhere.
 */
export function useTeller(vote: Ref<Schemas['Seen']>, changed: () => void) {
  const api = useApi();
  const work = () => import('./teller');
  const path = () => ({ params: { path: { voteId: vote.value.id } } });
  const seats = useLoad(async (signal) => (await take(api.GET('/api/v1/votes/{voteId}/tellers', { ...path(), signal }))).items ?? [], () => vote.value.version);
  const secret = shallowRef<Secret | undefined>(parse(place(vote.value.id).get()));
  const fault = ref<TellerFault>();
  const sent = ref(false);
  const totals = shallowRef<Schemas['Outcome']>();
  /** Who has handed in a count, and whether no two are the same. */
  const handed = shallowRef<{ counts: number[]; differ: boolean }>();
  const opened = shallowRef<{ head: number; choices: Choice[] | undefined }>();
  const mine = computed(() => seats.data.value?.find((s) => s.mine));

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

  function keep(next: Secret): void {
    secret.value = next;
    place(next.vote).set(JSON.stringify(next));
  }

  /** Runs a teller's work; what is wrong with a dealing or a part is told with its seat. */
  async function guarded(does: () => Promise<void>): Promise<void> {
    fault.value = undefined;
    const { TellerError } = await work();
    try {
      await does();
    } catch (thrown) {
      if (!(thrown instanceof TellerError)) throw thrown;
      fault.value = { fault: thrown.fault, seat: thrown.seat };
    }
  }

  /** The secret with the seat that the server knows; undefined, with a fault, where it is another seat's. */
  async function seated(): Promise<Secret | undefined> {
    const { sits } = await work();
    const [me, s] = [mine.value, secret.value];
    if (!me || !s || !sits(s, me.reach)) {
      fault.value = { fault: 'wrongFile', seat: me?.no ?? 0 };
      return undefined;
    }
    return { ...s, no: me.no };
  }

  const reaches = () => (seats.data.value ?? []).map((s) => s.reach);

  async function sit(headers: Record<string, string>): Promise<void> {
    const { startTeller, reachOf } = await work();
    const s = secret.value ?? startTeller(vote.value.id);
    keep(s); // before it is sent: after a lost answer the seat is still this secret's
    await take(api.POST('/api/v1/votes/{voteId}/tellers', { ...path(), headers, body: { reach: reachOf(s) } }));
  }

  async function dealOut(headers: Record<string, string>, s: Secret): Promise<void> {
    const { deal } = await work();
    const next = await deal(s, reaches());
    keep(next);
    await take(api.PUT('/api/v1/votes/{voteId}/teller/dealing', { ...path(), headers, body: next.dealing as Schemas['Dealing'] }));
  }

  async function confirm(headers: Record<string, string>, s: Secret): Promise<void> {
    const { finish } = await work();
    const done = await finish(s, reaches(), (seats.data.value ?? []).map((x) => x.dealing as unknown as Dealing));
    keep(done.secret);
    await take(api.POST('/api/v1/votes/{voteId}/teller/confirm', { ...path(), headers, body: { keyHash: done.hash } }));
  }

  const box = async (): Promise<Schemas['Box'] & Box> => (await take(api.GET('/api/v1/votes/{voteId}/box', path()))) as Schemas['Box'] & Box;

  async function send(s: Secret, b: Box, part: Part, purpose: string): Promise<void> {
    const { sendPart } = await work();
    for (const seat of b.seats.filter((x) => x.no !== s.no)) {
      await take(api.PUT('/api/v1/votes/{voteId}/teller/parts', { ...path(), body: { purpose, to: seat.no, sealed: await sendPart(s, part, purpose, seat.no, seat.reach) } }));
    }
    sent.value = true;
  }

  /** The first part that another teller has sent for a purpose. */
  async function received(s: Secret, b: Box, purpose: string): Promise<Part | undefined> {
    const { receivePart } = await work();
    const found = b.parts.find((p) => p.purpose === purpose);
    return found && receivePart(s, found.sealed, purpose, found.from);
  }

  async function count(headers: Record<string, string>, s: Secret): Promise<void> {
    const { makePart, openBallots, countBallots } = await work();
    const b = await box();
    const own = await makePart(s, b.key, b.ballots);
    await send(s, b, own, vote.value.id);
    const other = await received(s, b, vote.value.id);
    if (!other) return;
    const form = b.questions ?? [];
    const choices = await openBallots(b.key, { vote: vote.value.id, form: b.form }, form.length, b.ballots, own, other);
    const { outcome, spoiled } = countBallots(form, b.ballots, choices);
    totals.value = outcome;
    await take(api.PUT('/api/v1/votes/{voteId}/teller/count', { ...path(), headers, body: { outcome, spoiled } }));
    const after = await box();
    handed.value = { counts: after.counts ?? [], differ: after.differ };
  }

  const run = useAction(({ headers }, what: TellerStep) => guarded(async () => {
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

  /** This teller's share of opening one ballot: hands over the part or, when another's is there, shows the choice. */
  const open = useAction((_attempt, opening: string, head: number) => guarded(async () => {
    const { makePart, openBallots } = await work();
    const s = await seated();
    if (!s) return;
    const b = await box();
    const one = b.ballots.filter((x) => x.head === head);
    const own = await makePart(s, b.key, one);
    const other = await received(s, b, opening);
    if (!other) return send(s, b, own, opening);
    const [choices] = await openBallots(b.key, { vote: vote.value.id, form: b.form }, (b.questions ?? []).length, one, own, other);
    opened.value = { head, choices };
  }));

  /** Takes a teller's file that was saved before. */
  async function load(file: Blob): Promise<void> {
    const { isSecret } = await work();
    const found = parse(await file.text());
    if (isSecret(found, vote.value.id)) {
      keep(found);
      fault.value = undefined;
    } else fault.value = { fault: 'wrongFile', seat: mine.value?.no ?? 0 };
  }

  return { seats, mine, step, secret, fault, sent, totals, handed, opened, run, open, load };
}

function parse(text: string): Secret | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as Secret);
  } catch {
    return undefined;
  }
}
