import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';

import { useApi } from '@redproperty/shared/api/use-api';
import { newEnvelope, lastPromised, unanswered, type Envelope } from '@redproperty/shared/ballot/envelope';
import { BallotError, type BallotFault } from '@redproperty/shared/ballot/problem';
import { deviceStore } from '@redproperty/shared/ballot/store';
import { Voter } from '@redproperty/shared/ballot/voter';
import { useAction } from '@redproperty/shared/composables/use-action';
import { shownAnswers, visible } from '@redproperty/shared/questionnaire/branching';
import { checkAnswers, cleanWords } from '@redproperty/shared/questionnaire/check';
import { canonical, type Answer, type Answers, type Questionnaire } from '@redproperty/shared/questionnaire/questionnaire';

/** What a dwelling's ballot is made of. */
export interface Booth {
  round: string;
  unit: string;
  stratum: string;
  form: Questionnaire;
  envelope: Envelope | undefined;
}

/** What is sent: hidden answers left out, words in their clean form, empty ones as none. */
export function sent(form: Questionnaire, answers: Answers): Answers {
  const clean = Object.entries(answers).map(([code, a]): [string, Answer] => [code, typeof a === 'string' ? cleanWords(a) : a]);
  return shownAnswers(form, Object.fromEntries(clean.filter(([, a]) => a !== '' && !(Array.isArray(a) && a.length === 0))));
}

/**
 * Answers that are kept on the device with every change, and sent at the end: the ballot is drawn last, then cast without a
 * name. Doing it again after a lost answer repeats what was under way.
 */
export function useVote(booth: Booth) {
  const voter = new Voter(useApi(), deviceStore);
  const before = booth.envelope?.draft?.answers ?? lastPromised(booth.envelope)?.answers ?? {};
  const answers = ref<Answers>({ ...before });
  const envelope = shallowRef(booth.envelope);
  const phase = ref<'draw' | 'cast'>();
  const fault = ref<BallotFault>();
  const items = computed(() => visible(booth.form, answers.value));
  const wrong = computed(() => checkAnswers(booth.form, sent(booth.form, answers.value)));
  const cast = computed(() => lastPromised(envelope.value));
  const changed = computed(() => cast.value !== undefined && canonical(sent(booth.form, answers.value)) !== canonical(cast.value.answers));
  let saving: ReturnType<typeof setTimeout> | undefined;

  async function save(at?: string): Promise<void> {
    clearTimeout(saving);
    saving = undefined;
    const draft = { answers: JSON.parse(JSON.stringify(answers.value)) as Answers, at };
    await deviceStore.change(booth.round, booth.unit, (e = newEnvelope(booth.round, booth.unit)) => ({ ...e, draft }));
  }

  const keep = (at?: string) => save(at).catch((thrown: unknown) => {
    if (!(thrown instanceof BallotError)) throw thrown;
    fault.value ??= thrown.fault;
  });

  watch(answers, () => {
    clearTimeout(saving);
    saving = setTimeout(() => void keep(), 300);
  }, { deep: true });
  // Who leaves right after the last letter finds it again.
  const leave = () => saving !== undefined && void keep();
  const hide = () => document.visibilityState === 'hidden' && leave();
  document.addEventListener('visibilitychange', hide);
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', hide);
    leave();
  });

  const action = useAction(async (_attempt, given: Answers) => {
    fault.value = undefined;
    try {
      await save('review');
      phase.value = 'draw';
      await voter.draw(booth.round, booth.unit, booth.stratum);
      phase.value = 'cast';
      const receipt = await voter.cast(booth.round, booth.unit, booth.form, given);
      envelope.value = await deviceStore.envelope(booth.round, booth.unit);
      return receipt;
    } catch (thrown) {
      if (!(thrown instanceof BallotError)) throw thrown;
      fault.value = thrown.fault;
      return undefined;
    } finally {
      phase.value = undefined;
    }
  });

  return {
    answers, items, wrong, phase, fault, keep, busy: action.busy, error: action.error,
    /** What the server has promised to count. */
    cast,
    /** Whether the answers are others than those. */
    changed,
    /** Whether something was sent before that had no answer. */
    unanswered: computed(() => unanswered(envelope.value)),
    set(code: string, answer: Answer | undefined): void {
      const { [code]: _old, ...rest } = answers.value;
      answers.value = answer === undefined ? rest : { ...rest, [code]: answer };
    },
    send: () => action.run(sent(booth.form, answers.value)),
  };
}
