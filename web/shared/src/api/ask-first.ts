/**
 * Runs before the application's scripts are here and asks who is logged in while they are on their way: on a slow line that is
 * one way to and fro less before the first words. Not where no log-in has left its mark (session/mark.ts). The build makes a
 * script of its own of it (build/ask-first.ts).
 */
declare global {
  var accountAsked: Promise<Response> | undefined;
}

if (document.cookie.includes('rp_here=')) {
  globalThis.accountAsked = fetch('/api/v1/account');
  globalThis.accountAsked.catch(() => undefined); // the application asks for the answer, and tells where there is none
}

export {};
