import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';

import { createApi, type Api } from '@redproperty/shared/api/client';

import { useDirectory } from './directory';

let asked: string[];

/** A server that knows one company, of which it shows as much as given. */
function server(company: object): Api {
  return createApi({ language: () => 'zh-CN', reauthenticate: () => Promise.resolve(false), chooseCapacity: () => Promise.resolve(undefined) }, (request) => {
    const { pathname } = new URL((request as Request).url);
    asked.push(pathname);
    const body = pathname.endsWith('/posts') ? { items: [{ personId: 'p', name: '周师傅' }] } : company;
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }));
  });
}

beforeEach(() => {
  asked = [];
  setActivePinia(createPinia());
});

it('names staff to who may see their organisation whole, and asks once', async () => {
  const directory = useDirectory();
  const api = server({ id: 'c', name: '平安物业', version: 3 });
  await directory.nameStaff(api, 'c');
  await directory.nameStaff(api, 'c');
  expect(directory.person('c', 'p')).toBe('周师傅');
  expect(directory.organisation(api, 'c')).toBe('平安物业');
  expect(asked).toEqual(['/api/v1/organisations/c', '/api/v1/organisations/c/posts']);
});

it('asks for no staff where the public card alone is shown', async () => {
  const directory = useDirectory();
  await directory.nameStaff(server({ id: 'c', name: '平安物业' }), 'c');
  expect(directory.person('c', 'p')).toBe('');
  expect(asked).toEqual(['/api/v1/organisations/c']);
});
