import { base64url, fromBase64url, idBytes, utf8 } from './bytes';
import { digest, labels } from './hash';

/** What fixes the free text; its salt is another one than that of the answers, since those are published with theirs. */
export const wordsHash = async (salt: string, text: string): Promise<string> => base64url(await digest(labels.text, fromBase64url(salt, 32), utf8(text)));

/** What fixes a ballot's answers without telling them. `scored` is their canonical JSON, `name` the ballot's public name. */
export async function commitment(round: string, name: string, salt: string, scored: string, words: string): Promise<string> {
  return base64url(await digest(labels.answers, idBytes(round), fromBase64url(name, 32), fromBase64url(salt, 32), utf8(scored), fromBase64url(words, 32)));
}
