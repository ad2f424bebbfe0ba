import { take, type Schemas } from '@redproperty/shared/api/client';
import { sendWithProgress } from '@redproperty/shared/api/upload';

import type { Handler } from '@/features/offline/handlers';

type Named = Schemas['ReportWorkOrderRequest'];
type Unnamed = Schemas['ReportHazardUnnamedRequest'];
type Receipt = Schemas['OrderReceipt'];

/** What a photo shows. */
export interface PhotoInput {
  kind: 'report' | 'before' | 'after' | 'check';
}

const kept = (receipt: Receipt) => ({ about: receipt.order.id, keep: receipt });

/** The address by which somebody without a name follows a report. */
export function followLink(receipt: Receipt): string | undefined {
  return receipt.followToken ? `${globalThis.location.origin}/follow/${receipt.followToken}` : undefined;
}

const named: Handler<Named> = {
  name: 'report.title',
  send: async (api, { input }, { headers, signal }) => kept(await take(api.POST('/api/v1/work-orders', { body: input, headers, signal }))),
  arrived: (answer) => ({ number: (answer as Receipt).order.number, page: `/orders/${(answer as Receipt).order.id}` }),
};

const unnamed: Handler<Unnamed> = {
  name: 'report.unnamedTitle',
  send: async (api, { input }, { headers, signal }) => kept(await take(api.POST('/api/v1/hazard-reports', { body: input, headers, signal }))),
  arrived: (answer) => ({ number: (answer as Receipt).order.number, link: followLink(answer as Receipt) ?? '' }),
};

const photo: Handler<PhotoInput> = {
  name: 'report.photos',
  async send(api, { input, blob, about, triedAt }, { headers, signal, progress }) {
    const body = new FormData();
    body.append('kind', input.kind);
    body.append('file', blob ?? new Blob(), 'photo.jpg');
    await take(api.POST('/api/v1/work-orders/{id}/photos', {
      params: { path: { id: about } }, body: body as never, bodySerializer: () => body, headers: { 'Idempotency-Key': headers['Idempotency-Key'] }, signal,
      // A repeated attempt goes through the ordinary client, which also asks for a new log-in where that was the reason.
      ...(triedAt === undefined ? { fetch: sendWithProgress(progress) } : {}),
    }));
    return {};
  },
};

export const outgoing = { named, unnamed, photo };
