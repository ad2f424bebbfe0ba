/** Groups of what the palette finds, in the order they are shown: asking the roll comes last, so that Enter does it only where nothing else fits. */
export const groups = ['pages', 'orders', 'places', 'people', 'actions', 'roll'] as const;
export type CommandGroup = (typeof groups)[number];

/** One line of the palette. */
export interface Command {
  key: string;
  group: CommandGroup;
  title: string;
  hint?: string;
  /** The palette stays open: the line finds more of them. */
  stays?: boolean;
  run(): unknown;
}

/** Whether a line answers what was typed: every word stands somewhere in its title or hint, in any case. */
export function answers(c: Pick<Command, 'title' | 'hint'>, typed: string): boolean {
  const text = `${c.title} ${c.hint ?? ''}`.toLowerCase();
  return typed.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** Those lines that are shown, by group; the best match by title first within its group. */
export function arrange(commands: Command[]): { group: CommandGroup; commands: Command[] }[] {
  return groups.map((group) => ({ group, commands: commands.filter((c) => c.group === group) })).filter((g) => g.commands.length > 0);
}

const mobile = /^1[3-9]\d{9}$/;
const name = /^[\p{Script=Han}·]{2,12}$/u;

/** What a person may be found by: an exact phone or an exact Chinese name; nothing else is asked of the roll. */
export function personQuery(typed: string): { phone: string } | { name: string } | undefined {
  const words = typed.trim();
  if (mobile.test(words)) return { phone: words };
  return name.test(words) ? { name: words } : undefined;
}
