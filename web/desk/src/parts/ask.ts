import type { Attempt } from '@redproperty/shared/composables/use-action';

/** A field of a question that a step asks before it is taken. */
export interface AskField {
  /** Its path in the body of the request. */
  name: string;
  kind: 'text' | 'line' | 'choice' | 'select' | 'date' | 'minute' | 'number' | 'tel';
  label: string;
  hint?: string;
  /** It may be left empty. */
  optional?: boolean;
  most?: number;
  options?: { value: string; label: string }[];
  /** What is wrong with what was typed, where the page can tell. */
  check?: (typed: string) => string | undefined;
  /** What stands in it at the beginning. */
  initial?: string;
}

/** Takes the step with what was typed. */
export type AskSend = (attempt: Attempt, values: Record<string, string>) => Promise<unknown>;

/** A step as a page describes it for AskStep. */
export interface Ask {
  title: string;
  action: string;
  /** What will happen, in a sentence. */
  will?: string;
  danger?: boolean;
  fields?: AskField[];
  send: AskSend;
}
