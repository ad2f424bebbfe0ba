import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { output } from './program.ts';
import { useWorld } from './world.ts';
import type { Look, Part } from './screen.ts';
import type { Place } from './place.ts';

const all = process.env['SCREENS'] === 'all';
const only = process.env['ONLY'] ?? '';
const found = import.meta.glob<{ default: Place[] }>('../screens/*.ts', { eager: true });
const places = Object.values(found).flatMap((m) => m.default).sort((a, b) => Number(a.last ?? false) - Number(b.last ?? false));

interface Turn extends Omit<Look, 'lang'> {
  part?: Part;
}

// Colours do not change with the size of text, nor anything else with the colours.
const turns: Record<Place['app'], Turn[]> = {
  resident: [{ theme: 'light' }, { theme: 'dark', part: 'colours' }, { theme: 'light', text: 'large', part: 'shapes' }, { viewport: 'narrow', text: 'normal' }, ...(all ? [{ viewport: 'narrow', text: 'large' } as const, { viewport: 'desktop', text: 'normal' } as const] : [])],
  desk: [{ theme: 'light' }, { theme: 'dark', part: 'colours' }, { theme: 'light', text: 'large', part: 'shapes' }, ...(all ? [{ viewport: 'tablet', text: 'normal' }, { viewport: 'wide' }, { viewport: 'phone' }, { viewport: 'narrow' }] as const : [{ viewport: 'narrow', text: 'normal' } as const])],
};

/**
 * Looks at one of `of` parts of an application's pages (screens/*.ts) in the looks that differ. With SCREENS=all (make screens)
 * in all of them, in both languages, with pictures and a sheet of them. Call at the top of a file: it has a program of its own.
 */
export function lookAt(app: Place['app'], part = 1, of = 1): void {
  const mine = places.filter((p) => p.app === app).filter((_, i) => i % of === part - 1);
  const world = useWorld();
  afterEach(() => world.closeWindows());
  afterAll(async () => {
    if (all) await contactSheet();
  });

  it('knows pages', () => expect(mine).not.toEqual([]));

  describe.each(mine.filter((p) => p.name.includes(only)))('$name', (place) => {
    it.each(all ? (['zh-CN', 'en'] as const) : (['zh-CN'] as const))('is whole in %s', async (lang) => {
      const screen = await world.screen(place.as ?? 'nobody', { viewport: app === 'desk' ? 'desktop' : 'phone', lang });
      await screen.goto((app === 'desk' ? '/desk' : '') + (typeof place.path === 'string' ? place.path : await place.path(world)));
      await place.before?.(screen);
      for (const { part, ...look } of turns[app]) {
        await screen.turn(look);
        if (all) await screen.picture(place.name);
        await screen.check(place.name, part);
      }
    });
  });
}

/** Writes build/screens/index.html, which shows every picture. */
async function contactSheet(): Promise<void> {
  const root = join(output, 'screens');
  await mkdir(root, { recursive: true });
  const pictures = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.png')).sort();
  const figures = pictures.map((name) => `<figure><a href="${encodeURI(name)}"><img loading="lazy" src="${encodeURI(name)}" alt=""></a><figcaption>${name}</figcaption></figure>`);
  const style = 'body{font:14px sans-serif;display:flex;flex-wrap:wrap;gap:16px}figure{margin:0;width:300px}img{width:100%;border:1px solid #999}figcaption{overflow-wrap:anywhere}';
  await writeFile(join(root, 'index.html'), `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${figures.join('')}`);
}
