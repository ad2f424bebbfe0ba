import { onScopeDispose, ref } from 'vue';

/** What the change stream tells of an order: no text, no place. Whoever wants more fetches it. */
export interface OrderChange {
  order: string;
  seq: number;
  kind: string;
  state: string;
  at: string;
}

export interface Listener {
  change(change: OrderChange): void;
  /** An order is no longer ours to see. */
  gone?(order: string): void;
  /** Changes may have been missed: fetch anew. */
  refetch(): void;
}

/** How a stream is opened; tests give their own. */
export type Open = (url: string) => EventSource;

const url = '/api/v1/work-orders/stream';
const retryAfter = 15_000; // the server refused: it may have too many streams of this account
const hiddenFor = 60_000; // a tab nobody looks at gives its connection back

/**
 * One stream for the whole window, however many parts listen. It is let go while the window is hidden, so that many tabs
 * do not use up the browser's connections; whoever looks again gets a refetch first.
 */
export class ChangeStream {
  readonly state = ref<'off' | 'live' | 'away'>('off');
  private readonly listeners = new Set<Listener>();
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly open: Open = (to) => new EventSource(to)) {
    document.addEventListener('visibilitychange', () => this.looked());
  }

  /** Begins to listen; the answer ends it. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  private connect(): void {
    clearTimeout(this.timer);
    if (this.source || this.listeners.size === 0) return;
    const source = (this.source = this.open(url));
    source.addEventListener('refetch', () => {
      this.state.value = 'live';
      this.tell((l) => l.refetch());
    });
    source.addEventListener('change', (event) => this.tell((l) => l.change(JSON.parse((event as MessageEvent<string>).data) as OrderChange)));
    source.addEventListener('gone', (event) => {
      const { order } = JSON.parse((event as MessageEvent<string>).data) as { order: string };
      this.tell((l) => l.gone?.(order));
    });
    source.addEventListener('error', () => this.lost(source));
  }

  /** The browser connects again by itself, except after a refusal. */
  private lost(source: EventSource): void {
    if (source !== this.source) return;
    this.state.value = 'away';
    if (source.readyState !== 2) return;
    this.source = undefined;
    this.timer = setTimeout(() => this.connect(), retryAfter);
  }

  private tell(how: (listener: Listener) => void): void {
    for (const listener of [...this.listeners]) how(listener);
  }

  private looked(): void {
    clearTimeout(this.timer);
    if (document.visibilityState === 'visible') this.connect();
    else this.timer = setTimeout(() => this.close(), hiddenFor);
  }

  private close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
    this.state.value = 'off';
  }
}

let shared: ChangeStream | undefined;

/** Listens to the changes of orders as long as the component lives. */
export function useOrderChanges(listener: Listener) {
  shared ??= new ChangeStream();
  onScopeDispose(shared.listen(listener));
  return shared.state;
}
