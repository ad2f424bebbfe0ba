/** Gives a person a text as a file of their own. */
export function saveText(name: string, lines: string[]): void {
  const address = URL.createObjectURL(new Blob([[...lines, ''].join('\n')], { type: 'text/plain;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: address, download: `${name}.txt` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
