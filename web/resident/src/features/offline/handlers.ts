import type { Api } from '@redproperty/shared/api/client';

import type { Action, Effect, NewAction } from './action';

/** How an action is asked for: the headers that name it and its version, and the way it is sent. */
export interface How {
  headers: { 'Idempotency-Key': string; 'If-Match'?: string };
  signal: AbortSignal;
  /** For what carries a photo: tells which share has left. */
  progress(share: number): void;
}

/** What a feature knows of one kind of action. It lives in the feature's outgoing.ts, under the part of the kind behind the dot. */
export interface Handler<I> {
  /** Key of its name, as "jobs.step.arrive". */
  name: string;
  /** Sends it. The same input must make the same body in every attempt. */
  send(api: Api, action: Action<I>, how: How): Promise<Effect>;
  /** The version of what it is about now, before it is repeated on purpose. */
  seen?(api: Api, about: string): Promise<number>;
  /** What it becomes as a note where the step itself is no longer possible: another kind, whose input is the text. */
  note?(action: Action<I>, words: (key: string) => string): { kind: string; text: string };
  /** The page of what it is about; undefined where there is none yet. */
  page?(action: Action<I>): string | undefined;
  /** What is told once it has arrived: a number, a page, or a link that is shown only now. */
  arrived?(answer: unknown): { number?: string; page?: string; link?: string };
}

const modules = import.meta.glob<{ outgoing: Record<string, Handler<unknown>> }>('../*/outgoing.ts');

/** The handler of a kind; undefined where this version of the program has none. */
export async function handlerOf(kind: string): Promise<Handler<unknown> | undefined> {
  const [feature, name] = kind.split('.') as [string, string];
  const module = await modules[`../${feature}/outgoing.ts`]?.();
  return module?.outgoing[name];
}

/** The headers of an action. */
export function headersOf(action: Pick<NewAction, 'key' | 'version'>): How['headers'] {
  return { 'Idempotency-Key': action.key, ...(action.version === undefined ? {} : { 'If-Match': `"${action.version}"` }) };
}
