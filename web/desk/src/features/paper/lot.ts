import { take, type Api, type Schemas } from '@redproperty/shared/api/client';
import { ApiError } from '@redproperty/shared/api/problem';
import { base64url, random } from '@redproperty/shared/ballot/bytes';
import { untilSealed } from '@redproperty/shared/ballot/sealed';
import { parseSheetCode, sheetSecret } from '@redproperty/shared/ballot/sheet';
import { opening } from '@redproperty/shared/ballot/token';

/** 32 random bytes as the API takes them: a slip, a salt. */
export const randomHash = (): string => base64url(random(32));

/** What proves the right to enter a sheet, made of its code; the code stays here. */
export const openingOf = async (round: string, typed: string): Promise<string> => base64url(await opening(await sheetSecret(round, parseSheetCode(typed)), 1));

/** The codes of several sheets, one a line or scanned one after the other; those that are none are named. */
export function readCodes(text: string): { codes: string[]; wrong: string[] } {
  const lines = text.split(/[\n,;，；]+/).map((l) => l.trim()).filter(Boolean);
  const codes: string[] = [];
  const wrong: string[] = [];
  for (const line of lines) {
    try {
      const code = parseSheetCode(line);
      if (!codes.includes(code)) codes.push(code);
    } catch {
      wrong.push(line);
    }
  }
  return { codes, wrong };
}

/** The opening of a round with where it stands in the ledger. It is sealed within seconds; whoever orders sooner waits, and is refused as if the server were away. */
async function sealed(api: Api, path: { roundId: string }) {
  const found = await untilSealed(async () => {
    const leaves = await take(api.GET('/api/v1/public/survey-rounds/{roundId}/leaves', { params: { path } }));
    const head = await take(api.GET('/api/v1/ledger/{log}/checkpoint', { params: { path: { log: 'surveys' } } }));
    const opened = leaves.items?.find((l) => l.kind === 'round_opened');
    return opened?.entry !== undefined && opened.entry < head.size ? { opened, index: opened.entry, head } : undefined;
  });
  if (!found) throw new ApiError({ status: 503 });
  return found;
}

/**
 * What the machine that prints needs, as `redproperty ballot print blind` reads it: the order, what is asked, and the proof that the key is in
 * the ledger, which that machine checks against the printed ledger key.
 */
export async function printOrder(api: Api, round: string, lot: Schemas['LotView']): Promise<object> {
  const path = { roundId: round };
  const paper = await take(api.GET('/api/v1/public/survey-rounds/{roundId}', { params: { path } }));
  const { opened, index, head } = await sealed(api, path);
  const { hashes } = await take(api.GET('/api/v1/ledger/{log}/inclusion', { params: { path: { log: 'surveys' }, query: { size: head.size, index } } }));
  return {
    round, lotId: lot.id, lot: lot.lot, stratum: lot.stratum, size: lot.size, key: paper.keys?.find((k) => k.stratum === lot.stratum)?.publicKey, opened: opened.body, proof: { Note: head.note, Index: index, Hashes: hashes }, paper,
  };
}

/** An entry of blinded.json. */
export const isText = (entry: unknown): entry is string => typeof entry === 'string';
/** An entry of manifest.json. */
export const isBallot = (entry: unknown): entry is Schemas['BallotBody'] => typeof entry === 'object' && entry !== null && ['key', 'token', 'prefix', 'signature'].every((name) => name in entry);

/** A file of the lot's folder that the printing machine wrote; undefined where it is another. */
export async function readList<T>(file: File, is: (entry: unknown) => entry is T): Promise<T[] | undefined> {
  try {
    const value: unknown = JSON.parse(await file.text());
    return Array.isArray(value) && value.length > 0 && value.every(is) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Hands a file to the person, as the other machine reads it. */
export function saveJSON(name: string, value: unknown): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(value)}\n`], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
