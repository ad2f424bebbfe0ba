/** Saves the file that the API answered under the name it gave. Resolves true once the browser has it. */
export async function download(answer: { data?: unknown; response: Response }, otherwise: string): Promise<boolean> {
  const disposition = answer.response.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const name = encoded ? decodeURIComponent(encoded) : (/filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? otherwise);
  const url = URL.createObjectURL(answer.data as Blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
