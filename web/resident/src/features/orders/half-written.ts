const typed = new Map<string, string>();

/**
 * What an account typed into the message of one order and did not send. It is there again after the order was left, as long as
 * the page lives; it is kept nowhere else, since a phone may be lent.
 */
export function halfWritten(account: string, order: string) {
  const name = `${account}/${order}`;
  return {
    text: typed.get(name) ?? '',
    keep: (text: string): void => void (text === '' ? typed.delete(name) : typed.set(name, text)),
  };
}
