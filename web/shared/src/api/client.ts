import createClient, { type Client } from 'openapi-fetch';

import { heard } from '../session/clock';
import type {} from './ask-first';
import type { components, paths } from './generated/schema';
import { ApiError, problemOf, unreachable } from './problem';

export type Schemas = components['schemas'];
export type Api = Client<paths>;
export type Paths = paths;

/** What the client asks the application for. */
export interface Hooks {
  /** The language of texts that the server writes. */
  language(): string;
  /** The log-in has ended: resolves true once the same person is logged in again, false where nobody will. */
  reauthenticate(): Promise<boolean>;
  /** Several capacities permit the act: resolves to the chosen one, or undefined where the person thinks better of it. */
  chooseCapacity(among: string[]): Promise<string | undefined>;
}

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** A key for one intended change; a repetition with the same key changes nothing more. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

/** The answer to who is logged in, where it was asked for before this script was here (ask-first.ts); to be used once. */
function asked(request: Request): Promise<Response> | undefined {
  const answer = globalThis.accountAsked;
  if (!answer || request.method !== 'GET' || new URL(request.url).pathname !== '/api/v1/account') return undefined;
  globalThis.accountAsked = undefined;
  return answer;
}

/** Makes the one client of the application. Paths, parameters and answers are typed by the API's own description. */
export function createApi(hooks: Hooks, send: (request: Request) => Promise<Response> = (request) => asked(request) ?? globalThis.fetch(request)): Api {
  const client = createClient<paths>({
    baseUrl: globalThis.location?.origin ?? 'http://localhost',
    credentials: 'same-origin',
    querySerializer: { array: { style: 'form', explode: false } }, // state=open,closed
    fetch: (request) => attempt(request, hooks, send),
  });
  client.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', hooks.language());
      if (writes.has(request.method) && !request.headers.has('Idempotency-Key')) {
        request.headers.set('Idempotency-Key', newKey());
      }
      return request;
    },
    async onResponse({ response }) {
      heard(response);
      if (!response.ok) throw await problemOf(response);
      return response;
    },
    onError({ error }) {
      if (error instanceof ApiError) return error;
      if (error instanceof DOMException && error.name === 'AbortError') return error;
      return new ApiError({ status: 0, code: unreachable });
    },
  });
  return client;
}

/** Sends, and repeats once the person has logged in again or said in which capacity they act. */
async function attempt(request: Request, hooks: Hooks, send: (request: Request) => Promise<Response>): Promise<Response> {
  const again = request.clone();
  const response = await send(request);
  if (response.status === 401 && !isLogIn(request) && (await hooks.reauthenticate())) return send(again);
  if (response.status !== 409 || request.headers.has('X-Capacity')) return response;
  const refusal = await problemOf(response.clone());
  if (refusal.code !== 'capacity.ambiguous') return response;
  const among = Array.isArray(refusal.params['capacities']) ? refusal.params['capacities'].map(String) : [];
  const chosen = await hooks.chooseCapacity(among);
  if (chosen === undefined) return response;
  again.headers.set('X-Capacity', chosen);
  return send(again);
}

function isLogIn(request: Request): boolean {
  return new URL(request.url).pathname.startsWith('/api/v1/auth/');
}

/** The data of an answer. A refusal has been thrown by then as an ApiError. */
export async function take<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  return (await answer).data as T;
}
