// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';

import { enterTree, walkTree } from './tree-keys';

const node = (name: string, inside?: string) => `<li><div class="row">${inside === undefined ? '<span class="toggle"></span>' : `<button class="toggle" aria-expanded="${inside !== ''}"></button>`}<a class="name" id="${name}" href="#">${name}</a></div>${inside ? `<ul>${inside}</ul>` : ''}</li>`;
let tree: HTMLElement;
let pressed: string[];

beforeEach(() => {
  document.body.innerHTML = `<nav><ul>${node('street', node('estate', node('house-1') + node('house-2')) + node('far', ''))}</ul></nav>`;
  tree = document.querySelector('nav')!;
  tree.addEventListener('keydown', walkTree);
  pressed = [];
  for (const b of tree.querySelectorAll('button')) b.addEventListener('click', () => pressed.push(b.parentElement!.querySelector('a')!.id));
});

function walk(from: string, ...keys: string[]): string {
  document.getElementById(from)!.focus();
  for (const key of keys) document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  return document.activeElement!.id;
}

describe('the tree of places', () => {
  it('is walked with the arrows, over everything that is shown', () => {
    expect(walk('street', 'ArrowDown', 'ArrowDown')).toBe('house-1');
    expect(walk('house-1', 'ArrowUp')).toBe('estate');
    expect([walk('house-2', 'Home'), walk('street', 'End'), walk('far', 'ArrowDown')]).toEqual(['street', 'far', 'far']);
  });

  it('opens and closes to the right and to the left, and goes in and out', () => {
    expect(walk('estate', 'ArrowRight')).toBe('house-1');
    expect(walk('house-2', 'ArrowLeft')).toBe('estate');
    expect(pressed).toEqual([]);
    expect([walk('far', 'ArrowRight'), walk('estate', 'ArrowLeft')]).toEqual(['far', 'estate']);
    expect(pressed).toEqual(['far', 'estate']);
  });

  it('is entered where one was, where the open page stands, or at its beginning', () => {
    expect(enterTree(tree, undefined)?.id).toBe('street');
    document.getElementById('far')!.setAttribute('aria-current', 'page');
    expect(enterTree(tree, undefined)?.id).toBe('far');
    expect(enterTree(tree, document.getElementById('house-2')!)?.id).toBe('house-2');
  });
});
