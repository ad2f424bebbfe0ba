import { ref } from 'vue';

import { take } from '@redproperty/shared/api/client';
import { useApi } from '@redproperty/shared/api/use-api';
import { fromBase64 } from '@redproperty/shared/ballot/bytes';
import { BallotError, type BallotFault } from '@redproperty/shared/ballot/problem';
import { deviceStore } from '@redproperty/shared/ballot/store';
import { useAction } from '@redproperty/shared/composables/use-action';
import { commitment, type Choice } from '@redproperty/shared/vote/choice';
import { keepBallot, keptBallot } from '@redproperty/shared/vote/kept';
import { VoteTrust } from '@redproperty/shared/vote/trust';

import type { Own, Vote } from './vote';

/**
 * Casting the ballot of a line: what is asked and the key are compared with the ledger, the choice is sealed here, and the receipt
 * is checked. After a lost answer the same sealed ballot is sent again, so that it stays one.
 */
export function useCast(vote: Vote, own: Own) {
  const api = useApi();
  const trust = new VoteTrust(api, deviceStore);
  const step = ref<'checking' | 'sending'>();
  const fault = ref<BallotFault>();
  const receipt = ref(keptBallot(vote.id, own.head).receipt);
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
      const answer = await take(api.PUT('/api/v1/votes/{voteId}/heads/{head}/ballot', { params: { path: { voteId: vote.id, head: own.head } }, headers: attempt.headers, body: { sealed: sealed.text } }));
      const promise = await trust.receipt(vote, answer.receipt);
      const expected = await commitment(at, promise.revision, own.delegate ? 'proxy' : 'web', fromBase64(sealed.text));
      if (promise.head !== own.head || promise.commitment !== expected) throw new BallotError('receipt');
      keepBallot(vote.id, own.head, { receipt: promise.text });
      receipt.value = promise.text;
      return promise;
    } catch (thrown) {
      if (!(thrown instanceof BallotError)) throw thrown;
      fault.value = thrown.fault;
      return undefined;
    } finally {
      step.value = undefined;
    }
  });
  return { step, fault, receipt, busy: action.busy, error: action.error, send: action.run };
}
