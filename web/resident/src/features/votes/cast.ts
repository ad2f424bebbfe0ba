import { ref } from 'vue';

import { take, type Api } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { fromBase64 } from '@redproperty/shared/ballot/bytes';
import { BallotError, type BallotFault } from '@redproperty/shared/ballot/problem';
import { deviceStore } from '@redproperty/shared/ballot/store';
import { useAction } from '@redproperty/shared/composables/use-action';
import { commitment, type Choice } from '@redproperty/shared/vote/choice';
import { keepBallot, keptBallot } from '@redproperty/shared/vote/kept';
import type { VoteReceipt } from '@redproperty/shared/vote/receipt';
import { VoteTrust } from '@redproperty/shared/vote/trust';

import type { Own, Vote } from './vote';

/** Sends a sealed ballot and checks that the receipt promises just it. What is sent is kept until the receipt is here: sent again, it stays one. */
async function send(api: Api, trust: VoteTrust, vote: Vote, own: Own, sealed: string, headers: Record<string, string>): Promise<VoteReceipt> {
  keepBallot(vote.id, own.head, { ...keptBallot(vote.id, own.head), under: sealed });
  const answer = await take(api.PUT('/api/v1/votes/{voteId}/heads/{head}/ballot', { params: { path: { voteId: vote.id, head: own.head } }, headers, body: { sealed } }));
  const promise = await trust.receipt(vote, answer.receipt);
  const at = { vote: vote.id, form: vote.formHash ?? '', head: own.head };
  const expected = await commitment(at, promise.revision, own.delegate ? 'proxy' : 'web', fromBase64(sealed));
  if (promise.head !== own.head || promise.commitment !== expected) throw new BallotError('receipt');
  keepBallot(vote.id, own.head, { receipt: promise.text });
  return promise;
}

/** Asks again for the receipt of a ballot that was sent and had no answer; where it never arrived, it is cast now. */
export function useUnanswered(vote: Vote, own: Own, done: () => void) {
  const api = useApi();
  const trust = new VoteTrust(api, deviceStore);
  const under = ref(keptBallot(vote.id, own.head).under);
  const fault = ref<BallotFault>();
  const action = useAction(async ({ headers }, sealed: string) => {
    try {
      await send(api, trust, vote, own, sealed, headers);
      under.value = undefined;
      done();
    } catch (thrown) {
      if (!(thrown instanceof BallotError)) throw thrown;
      fault.value = thrown.fault;
    }
  });
  return { under, fault, busy: action.busy, error: action.error, again: () => under.value && action.run(under.value) };
}

/**
 * Casting the ballot of a line: what is asked and the key are compared with the ledger, the choice is sealed here, and the receipt
 * is checked. After a lost answer the same sealed ballot is sent again, so that it stays one.
 */
export function useCast(vote: Vote, own: Own) {
  const api = useApi();
  const trust = new VoteTrust(api, deviceStore);
  const step = ref<'checking' | 'sending'>();
  const fault = ref<BallotFault>();
  let sealed: { of: string; text: string } | undefined;

  const action = useAction(async (attempt, choices: Choice[]) => {
    fault.value = undefined;
    try {
      step.value = 'checking';
      const key = await trust.key(vote);
      const at = { vote: vote.id, form: vote.formHash ?? '', head: own.head };
      const of = JSON.stringify(choices);
      if (sealed?.of !== of) {
        const { sealChoices } = await import('@redproperty/shared/vote/seal');
        sealed = { of, text: await sealChoices(key, at, choices) };
      }
      step.value = 'sending';
      return await send(api, trust, vote, own, sealed.text, attempt.headers);
    } catch (thrown) {
      if (!(thrown instanceof BallotError)) throw thrown;
      fault.value = thrown.fault;
      return undefined;
    } finally {
      step.value = undefined;
    }
  });
  return { step, fault, busy: action.busy, error: action.error, send: action.run };
}
