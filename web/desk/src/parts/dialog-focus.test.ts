// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { beginDialogsAtFields } from './dialog-focus';

let end: () => void;
beforeEach(() => {
  vi.useFakeTimers();
  end = beginDialogsAtFields();
});
afterEach(() => {
  end();
  vi.useRealTimers();
  document.body.innerHTML = '';
});

/** A dialog as the library draws it, which has just been given the focus. */
function opened(body: string, footer = ''): HTMLElement {
  document.body.innerHTML = `<div class="el-dialog" tabindex="-1"><header><button>×</button></header><div class="el-dialog__body">${body}</div>${footer}</div>`;
  const dialog = document.querySelector<HTMLElement>('.el-dialog')!;
  dialog.focus();
  vi.runAllTimers();
  return dialog;
}

describe('a drawer', () => {
  it('begins at its title, not at the empty element of the library', () => {
    document.body.innerHTML = '<div class="el-drawer" role="dialog"><span class="el-drawer__sr-focus" tabindex="-1"></span><header><span class="el-drawer__title" role="heading" id="title">Order</span></header></div>';
    document.querySelector<HTMLElement>('.el-drawer__sr-focus')!.focus();
    vi.runAllTimers();
    expect(document.activeElement?.id).toBe('title');
  });
});

describe('a dialog', () => {
  it('begins at its first field, and only once', () => {
    const dialog = opened('<input disabled id="off"><textarea id="words"></textarea><input id="later">');
    expect(document.activeElement?.id).toBe('words');
    dialog.focus();
    vi.runAllTimers();
    expect(document.activeElement).toBe(dialog);
  });

  it('begins at what is chosen already', () => {
    opened('<input type="radio" name="kind" id="a"><input type="radio" name="kind" id="b" checked>');
    expect(document.activeElement?.id).toBe('b');
  });

  it('begins at a date as at every other field', () => {
    opened('<div class="el-date-editor"><input id="day"></div><input>');
    expect(document.activeElement?.id).toBe('day');
  });

  it('begins at a field that is still on its way, and at its answer where none comes', () => {
    const answer = '<footer class="el-dialog__footer"><button id="on" class="el-button--primary">Go on</button></footer>';
    document.body.innerHTML = `<div class="el-dialog" tabindex="-1"><div class="el-dialog__body"><div class="el-form-item__content"><!----></div></div>${answer}</div>`;
    const dialog = document.querySelector<HTMLElement>('.el-dialog')!;
    dialog.focus();
    vi.advanceTimersByTime(300);
    expect(document.activeElement).toBe(dialog);
    document.querySelector('.el-form-item__content')!.innerHTML = '<input id="day">';
    vi.advanceTimersByTime(100);
    expect(document.activeElement?.id).toBe('day');
    opened('<div class="el-form-item__content"></div>', answer);
    expect(document.activeElement?.id).toBe('on');
  });

  it('begins at its answer where it asks for nothing else, and at the way back where that cannot be undone', () => {
    const answer = (kind: string) => `<footer class="el-dialog__footer"><button id="back">Cancel</button><button id="on" class="el-button--${kind}">Go on</button></footer>`;
    opened('<p>Sure?</p>', answer('primary'));
    expect(document.activeElement?.id).toBe('on');
    opened('<p>Sure?</p>', answer('danger'));
    expect(document.activeElement?.id).toBe('back');
    opened('<button id="one">As the committee</button>');
    expect(document.activeElement?.id).toBe('one');
  });

  it('is not sent by the Enter that opened it', () => {
    const field = opened('<input id="name">').querySelector('input')!;
    const press = (repeat: boolean) => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', repeat, bubbles: true, cancelable: true }));
    expect([press(true), press(false)]).toEqual([false, true]);
  });

  it('hears Escape from a list that is closed, and leaves an open one its key', () => {
    const dialog = opened('<div class="el-select"><input role="combobox" aria-expanded="false"></div>');
    const field = dialog.querySelector('input')!;
    field.addEventListener('keydown', (event) => event.stopPropagation()); // as the library's does
    const heard = vi.fn();
    dialog.addEventListener('keydown', heard);
    const press = () => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
    press();
    field.setAttribute('aria-expanded', 'true');
    press();
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
