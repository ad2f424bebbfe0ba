import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { shownAnswers, visible } from './branching';
import { checkAnswers, cleanWords } from './check';
import { canonical, scored, type Answers, type Questionnaire } from './questionnaire';

interface Case {
  form: Questionnaire;
  answers: { given: Answers; visible: string[]; refused: { item: string; why: string }[]; canonical: string; scored: string }[];
}

// The server's own cases: random questionnaires and answers with what its rules make of them.
const cases = JSON.parse(readFileSync(new URL('../../../../internal/questionnaire/testdata/cases.json', import.meta.url), 'utf8')) as Case[];

describe('questionnaires', () => {
  it('follow the server in what is visible, what is refused and how answers are written', () => {
    let [hidden, refused] = [0, 0];
    for (const { form, answers } of cases) {
      for (const a of answers) {
        const at = `${JSON.stringify(form)} ${a.canonical}`;
        expect(visible(form, a.given).map((i) => i.code), at).toEqual(a.visible);
        expect(checkAnswers(form, a.given), at).toEqual(a.refused);
        expect(canonical(a.given), at).toBe(a.canonical);
        expect(canonical(scored(form, a.given)), at).toBe(a.scored);
        expect(checkAnswers(form, shownAnswers(form, a.given)).some((r) => r.why === 'answer.hidden'), at).toBe(false);
        hidden += a.refused.filter((r) => r.why === 'answer.hidden').length;
        refused += a.refused.length;
      }
    }
    expect(hidden).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(100);
  });

  it('clean words as the server does', () => {
    expect(cleanWords(' \u3000Cafe\u0301\r\n二\r三\n ')).toBe('Café\n二\n三');
    expect(cleanWords('\ufeff一')).toBe('\ufeff一');
    expect(cleanWords('𠮷🛗\u2028x')).toBe('𠮷🛗\u2028x');
  });
});
