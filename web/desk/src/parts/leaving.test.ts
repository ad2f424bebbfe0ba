// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { createApp, defineComponent, h, reactive } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useSession } from '@redproperty/shared/session/session';

import { mayLeave, useLeaving, type Leaving } from './leaving';

const answer = vi.hoisted(() => ({ confirm: vi.fn() }));
vi.mock('element-plus/es/components/message-box/index', () => ({ ElMessageBox: answer }));
vi.mock('element-plus/es/components/message-box/style/css', () => ({}));
vi.mock('@/texts', () => ({ useT: () => (key: string) => key }));

/** A page with a form that is open, and one that it can be left for. */
async function open() {
  const values = reactive({ words: 'before', offer: '' });
  let leaving!: Leaving;
  const Form = defineComponent({ setup: () => { leaving = useLeaving(values); return () => h('form'); } });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/form', component: Form }, { path: '/', component: { render: () => h('p') } }] });
  const app = createApp(RouterView).use(router);
  await router.push('/form');
  app.mount(document.createElement('div'));
  await router.isReady();
  return { values, leaving, router, close: () => app.unmount() };
}

/** Whether the browser would ask before the window is closed. */
const held = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));

beforeEach(() => {
  setActivePinia(createPinia());
  useSession().state = 'in';
  answer.confirm.mockReset().mockRejectedValue('cancel');
});

describe('a long form', () => {
  it('is left without a question where nothing was typed, or what was typed is saved', async () => {
    const { values, leaving, router, close } = await open();
    leaving.propose(() => { values.offer = 'the first'; });
    expect([held(), await mayLeave()]).toEqual([false, true]);
    values.words = 'typed';
    leaving.saved();
    await router.push('/');
    expect([router.currentRoute.value.path, answer.confirm.mock.calls.length]).toEqual(['/', 0]);
    close();
  });

  it('asks by a link, by logging out and by closing, and stays where the person wants to go on', async () => {
    const { values, leaving, router, close } = await open();
    values.words = 'typed';
    leaving.propose(() => { values.offer = 'the first'; });
    await router.push('/');
    expect([router.currentRoute.value.path, held(), await mayLeave()]).toEqual(['/form', true, false]);
    answer.confirm.mockResolvedValue('confirm');
    await router.push('/');
    expect([router.currentRoute.value.path, held(), await mayLeave()]).toEqual(['/', false, true]);
    close();
  });

  it('does not hold the page for a person who is no longer logged in', async () => {
    const { values, close } = await open();
    values.words = 'typed';
    useSession().state = 'out';
    expect([held(), await mayLeave()]).toEqual([false, true]);
    close();
  });
});
