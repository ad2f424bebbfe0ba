/** The server's cookie beside the log-in's own, which no page can read: it says that there may be a log-in, and nothing of it. */
const mark = 'rp_here';

/** Whether there may be a log-in; without one the server need not be asked who it is. */
export function marked(): boolean {
  return document.cookie.split('; ').some((c) => c.startsWith(`${mark}=`));
}
