import type { Screen } from './screen.ts';
import type { Who, World } from './world.ts';

/** A page that is looked at in every way: screens/AREA.ts exports a list of them. */
export interface Place {
  app: 'resident' | 'desk';
  /** Name of the picture, as "orders/list". */
  name: string;
  /** Its address within the application, or what finds it (an order's id, from the API). */
  path: string | ((world: World) => Promise<string>);
  /** Who looks; nobody where it is left out. */
  as?: Who;
  /** Whether finding it changes the demonstration for the other pages, as the end of a contract does: it is looked at after them. */
  last?: boolean;
  /** What is done before it is looked at: a dialog opened, a form filled in wrongly. */
  before?(screen: Screen): Promise<void>;
}
