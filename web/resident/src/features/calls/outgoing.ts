import { take, type Schemas } from '@redproperty/shared/api/client';

import type { Action } from '@/features/offline/action';
import type { Handler } from '@/features/offline/handlers';

const path = (id: string) => ({ path: { id } });
const page = ({ about }: Action) => `/jobs/${about}`;

const callback: Handler<Schemas['CallbackResult']> = {
  name: 'calls.callback.title',
  async send(api, { about, input }, { headers, signal }) {
    await take(api.POST('/api/v1/work-orders/{id}/callback', { params: path(about), headers, signal, body: input }));
    return {};
  },
  page,
};

const check: Handler<Schemas['CheckResult']> = {
  name: 'calls.check.title',
  async send(api, { about, input }, { headers, signal }) {
    await take(api.POST('/api/v1/work-orders/{id}/check', { params: path(about), headers, signal, body: input }));
    return {};
  },
  page,
};

/** What came of a call or of a look on the spot, as it goes through the queue. */
export const outgoing = { callback, check };
