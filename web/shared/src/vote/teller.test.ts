import { describe, expect, it } from 'vitest';

import { abstain, against, commitment, fits, option, type Choice } from './choice';
import { sealChoices } from './seal';
import { combine, countBallots, deal, finish, makePart, openBallots, reachOf, receivePart, sendPart, startTeller, type Secret } from './teller';

const vote = 'cddcd071-4f10-7a3a-b98b-8dd6f945939c';
const form = '07'.repeat(32);
const questions = [{ options: 1, most: 1 }, { options: 3, most: 2 }];

async function ceremony() {
  let secrets = [1, 2, 3].map((no): Secret => ({ ...startTeller(vote), no }));
  const reach = secrets.map(reachOf);
  secrets = await Promise.all(secrets.map((s) => deal(s, reach)));
  const dealings = secrets.map((s) => s.dealing!);
  const done = await Promise.all(secrets.map((s) => finish(s, reach, dealings)));
  return { secrets: done.map((d) => d.secret), reach, dealings, key: done[0]!.key, hashes: done.map((d) => d.hash) };
}

describe('three tellers', () => {
  it('make one key, of which two open every choice and one nothing', async () => {
    const { secrets, reach, dealings, key, hashes } = await ceremony();
    expect(new Set([...hashes, (await combine(vote, reach, dealings)).hash]).size).toBe(1);
    const choices: Choice[][] = [[option(0), against], [abstain, option(1) + option(2)], [against, option(7)]];
    const ballots = await Promise.all(choices.map(async (c, i) => ({ head: i + 1, weight: { area: 100 + i, heads: 1 }, sealed: await sealChoices(key.public, { vote, form, head: i + 1 }, c) })));
    ballots.push({ head: 4, weight: { area: 7, heads: 1 }, sealed: await sealChoices(key.public, { vote, form, head: 5 }, [option(0), option(0)]) });
    const [a, b] = [await makePart(secrets[0]!, key, ballots), await makePart(secrets[2]!, key, ballots)];
    const sent = await sendPart(secrets[2]!, b, vote, 1);
    expect(await receivePart(secrets[0]!, sent, vote, 3)).toEqual(b);
    await expect(receivePart(secrets[1]!, sent, vote, 3)).rejects.toMatchObject({ fault: 'part', no: 3 });
    const opened = await openBallots(key, { vote, form }, 2, ballots, a, b);
    expect(opened).toEqual([...choices, undefined]);
    const { outcome, spoiled } = countBallots(questions, ballots, opened);
    expect(spoiled).toEqual([4]);
    expect(outcome.joined).toEqual({ area: 310, heads: 4 });
    expect(outcome.items?.[1]).toEqual({ options: [{ area: 0, heads: 0 }, { area: 101, heads: 1 }, { area: 101, heads: 1 }], against: { area: 100, heads: 1 }, abstain: { area: 0, heads: 0 }, void: { area: 109, heads: 2 } });
    await expect(openBallots(key, { vote, form }, 2, ballots, a, a)).rejects.toMatchObject({ fault: 'part' });
  });

  it('name who dealt a wrong share, or made a part with another', async () => {
    const { secrets, reach, dealings, key } = await ceremony();
    const foreign = (await ceremony()).secrets[1]!;
    const swapped = dealings.map((d) => (d.from === 2 ? { ...foreign.dealing!, from: 2 } : d));
    await expect(finish(secrets[0]!, reach, swapped)).rejects.toMatchObject({ fault: 'dealing', no: 2 });
    const ballots = [{ head: 1, weight: { area: 1, heads: 1 }, sealed: await sealChoices(key.public, { vote, form, head: 1 }, [option(0)]) }];
    await expect(makePart({ ...secrets[0]!, share: secrets[1]!.share! }, key, ballots)).rejects.toMatchObject({ fault: 'secret' });
    const [a, b] = [await makePart(secrets[0]!, key, ballots), await makePart(secrets[1]!, key, ballots)];
    await expect(openBallots(key, { vote, form }, 1, ballots, a, { ...b, points: a.points })).rejects.toMatchObject({ fault: 'part', no: 2 });
  });
});

describe('choices', () => {
  it('are checked as the server checks them', async () => {
    expect([option(0), option(2), option(0) + option(1), against, abstain].every((c) => fits({ options: 3, most: 2 }, c))).toBe(true);
    expect([0, option(3), option(0) + option(1) + option(2), against + 1, abstain + against].some((c) => fits({ options: 3, most: 2 }, c))).toBe(false);
    expect(await commitment({ vote, form, head: 1 }, 1, 'web', Uint8Array.of(1))).not.toBe(await commitment({ vote, form, head: 2 }, 1, 'web', Uint8Array.of(1)));
  });
});
