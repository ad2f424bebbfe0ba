// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';

import { ChangeStream, type OrderChange } from './changes';

class FakeSource extends EventTarget {
  readyState = 1;
  close = vi.fn(() => (this.readyState = 2));
  say(event: string, data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
}

function world() {
  const opened: FakeSource[] = [];
  const stream = new ChangeStream(() => {
    const source = new FakeSource();
    opened.push(source);
    return source as unknown as EventSource;
  });
  const seen: string[] = [];
  const listen = () => stream.listen({ change: (c: OrderChange) => seen.push(c.order), gone: (id) => seen.push(`gone ${id}`), refetch: () => seen.push('refetch') });
  return { stream, opened, seen, listen };
}

describe('the change stream', () => {
  it('is one for all parts that listen, and ends with the last', () => {
    const { opened, seen, listen } = world();
    const [first, second] = [listen(), listen()];
    expect(opened).toHaveLength(1);
    opened[0]!.say('refetch');
    opened[0]!.say('change', { order: 'a' });
    opened[0]!.say('gone', { order: 'b' });
    expect(seen).toEqual(['refetch', 'refetch', 'a', 'a', 'gone b', 'gone b']);
    first();
    expect(opened[0]!.close).not.toHaveBeenCalled();
    second();
    expect(opened[0]!.close).toHaveBeenCalled();
  });

  it('says that it is away, and tries again after the server refused', () => {
    vi.useFakeTimers();
    const { stream, opened, listen } = world();
    listen();
    opened[0]!.say('refetch');
    expect(stream.state.value).toBe('live');
    opened[0]!.readyState = 2;
    opened[0]!.dispatchEvent(new Event('error'));
    expect(stream.state.value).toBe('away');
    vi.advanceTimersByTime(15_000);
    expect(opened).toHaveLength(2);
    vi.useRealTimers();
  });

  it('lets go while nobody looks, and begins anew when somebody does', () => {
    vi.useFakeTimers();
    const { opened, listen } = world();
    listen();
    const look = (state: string) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    };
    look('hidden');
    vi.advanceTimersByTime(59_000);
    expect(opened[0]!.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2_000);
    expect(opened[0]!.close).toHaveBeenCalled();
    look('visible');
    expect(opened).toHaveLength(2);
    vi.useRealTimers();
  });
});
