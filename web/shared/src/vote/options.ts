/** What the forms write for the one answer of a yes-or-no question, in the language of whoever made it. */
const agreed = ['同意', 'In favour'];

/** The options of an item as they are read: to agree is said in the reader's language, as to be against is. */
export const readable = <O extends { text: string }>(options: O[], agree: string): O[] =>
  options.length === 1 ? options.map((o) => (agreed.includes(o.text) ? { ...o, text: agree } : o)) : options;
