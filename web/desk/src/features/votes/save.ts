function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Saves a JSON document that this page made as a file. */
export const saveFile = (name: string, text: string): void => save(name, 'application/json', text);

/** Saves lines of text as a file. */
export const saveText = (name: string, lines: string[]): void => save(name, 'text/plain;charset=utf-8', [...lines, ''].join('\n'));
