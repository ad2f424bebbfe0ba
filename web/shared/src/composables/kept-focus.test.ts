// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { keepFocus } from './kept-focus';

let end: () => void;
beforeEach(() => {
  // happy-dom draws nothing: what is in the document counts as drawn.
  vi.spyOn(HTMLElement.prototype, 'getClientRects').mockReturnValue([{}] as unknown as DOMRectList);
  document.body.innerHTML = '<main id="content" tabindex="-1"><section><button id="accept">Accept</button><button id="note">Note</button></section><p id="sum">40 <button id="more">More</button></p></main><div class="el-dialog"><button id="yes">Yes</button></div>';
  end = keepFocus();
});
afterEach(() => {
  end();
  vi.restoreAllMocks();
});

const at = (id: string) => document.getElementById(id)!;
const changed = () => new Promise((heard) => setTimeout(heard));

describe('the focus', () => {
  it('goes to the next step where the one that was taken is gone, also after the dialog that asked about it', async () => {
    at('accept').focus();
    at('yes').focus();
    document.querySelector('.el-dialog')!.remove();
    at('accept').remove();
    await changed();
    expect(document.activeElement?.id).toBe('note');
  });

  it('stays in its group where no other button is left, and goes to the page where that was left', async () => {
    at('more').focus();
    at('more').remove();
    await changed();
    expect(document.activeElement?.id).toBe('sum');
    at('accept').focus();
    document.querySelector('section')!.remove();
    await changed();
    expect(document.activeElement?.id).toBe('content');
    expect(at('sum').hasAttribute('tabindex')).toBe(false);
  });

  it('stays in a dialog whose answer is gone', async () => {
    at('accept').focus();
    document.querySelector('.el-dialog')!.innerHTML = '<footer><button id="close">Close</button><button id="run">Run</button></footer>';
    at('run').focus();
    at('run').remove();
    await changed();
    expect(document.activeElement?.id).toBe('close');
  });

  it('goes to the name of the page that has come in the place of the one it was on', async () => {
    at('accept').focus();
    at('content').innerHTML = '<header><button>Back</button><h1 id="name">Orders</h1></header>';
    await changed();
    expect(document.activeElement?.id).toBe('name');
  });

  it.each([[-40, false], [40, true]])('comes into sight where it would be out of it (top at %s), and else moves nothing', async (top, still) => {
    at('accept').focus();
    const focused = vi.spyOn(HTMLElement.prototype, 'focus');
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue({ top, bottom: top + 30 } as DOMRect);
    at('accept').remove();
    await changed();
    expect(document.activeElement?.id).toBe('note');
    expect(focused).toHaveBeenCalledWith({ preventScroll: still });
  });

  it('comes back to the button that was off while it worked', async () => {
    const more = at('more') as HTMLButtonElement;
    more.focus();
    more.disabled = true;
    more.blur(); // the browser takes it away
    await changed();
    more.disabled = false;
    await changed();
    expect(document.activeElement?.id).toBe('more');
  });

  it('is left alone where somebody pressed on the ground, and where what had it is still there', async () => {
    at('accept').focus();
    at('note').remove();
    await changed();
    expect(document.activeElement?.id).toBe('accept');
    at('content').dispatchEvent(new Event('pointerdown', { bubbles: true }));
    at('accept').remove();
    await changed();
    expect(document.activeElement).toBe(document.body);
  });
});
