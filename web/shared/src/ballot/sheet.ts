import { idBytes, utf8, type Bytes } from './bytes';
import { digest, labels } from './hash';
import { BallotError } from './problem';

/** Crockford's: no letter is mistaken for a digit. */
const form = /^[0-9A-HJKMNP-TV-Z]{20}$/;
const mark = 'RPS1.';

/** Reads the code of a sheet as it was typed or scanned: small letters, spaces and dashes are allowed, O stands for 0, I and L for 1. */
export function parseSheetCode(typed: string): string {
  const text = typed.trim().toUpperCase();
  const code = (text.startsWith(mark) ? text.slice(mark.length) : text).replace(/[- ]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!form.test(code)) throw new BallotError('malformed');
  return code;
}

/** The code in groups, as it is printed. */
export const printedCode = (code: string): string => (code.match(/.{1,4}/g) ?? []).join('-');

/** The secret of the sheet's ballot in a round. The code itself stays with the person who holds the sheet. */
export const sheetSecret = (round: string, code: string): Promise<Bytes> => digest(labels.sheet, idBytes(round), utf8(code));
