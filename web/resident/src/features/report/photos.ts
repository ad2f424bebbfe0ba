import { onScopeDispose, reactive, ref } from 'vue';

import { newKey, take } from '@redproperty/shared/api/client';
import { asApiError, type ApiError } from '@redproperty/shared/api/problem';
import { useApi } from '@redproperty/shared/api/use-api';
import { sendWithProgress } from '@redproperty/shared/api/upload';

import { compress } from './compress';

/** As many photos as the server takes for one order. */
export const mostPhotos = 9;

export interface Photo {
  /** The key of its upload, kept over retries. */
  key: string;
  blob: Blob;
  url: string;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  /** 0 to 1 while it is sent. */
  progress: number;
  error?: ApiError | undefined;
}

/** Photos on the phone, and how far each has been sent. */
export function usePhotos() {
  const api = useApi();
  const photos = ref<Photo[]>([]);
  /** Whether a picture that was chosen could not be read. */
  const unreadable = ref(false);

  async function add(files: Iterable<File>): Promise<void> {
    unreadable.value = false;
    for (const file of files) {
      if (photos.value.length >= mostPhotos) return;
      try {
        const blob = await compress(file);
        photos.value.push(reactive<Photo>({ key: newKey(), blob, url: URL.createObjectURL(blob), state: 'waiting', progress: 0 }));
      } catch {
        unreadable.value = true;
      }
    }
  }

  function remove(photo: Photo): void {
    URL.revokeObjectURL(photo.url);
    photos.value = photos.value.filter((p) => p.key !== photo.key);
  }

  async function sendOne(order: string, photo: Photo): Promise<void> {
    const again = photo.state === 'failed';
    Object.assign(photo, { state: 'sending', progress: 0, error: undefined });
    const body = new FormData();
    body.append('kind', 'report');
    body.append('file', photo.blob, 'photo.jpg');
    try {
      await take(api.POST('/api/v1/work-orders/{id}/photos', {
        params: { path: { id: order } },
        body: body as never,
        bodySerializer: () => body,
        headers: { 'Idempotency-Key': photo.key },
        // A repeated attempt goes through the ordinary client, which also asks for a new log-in where that was the reason.
        ...(again ? {} : { fetch: sendWithProgress((share) => (photo.progress = share)) }),
      }));
      photo.state = 'sent';
    } catch (thrown) {
      Object.assign(photo, { state: 'failed', error: asApiError(thrown) });
    }
  }

  /** Sends what has not arrived yet, one after another: a weak signal is not split. */
  async function send(order: string): Promise<boolean> {
    for (const photo of photos.value) {
      if (photo.state === 'waiting' || photo.state === 'failed') await sendOne(order, photo);
    }
    return photos.value.every((p) => p.state === 'sent');
  }

  onScopeDispose(() => photos.value.forEach((p) => URL.revokeObjectURL(p.url)));
  return { photos, unreadable, add, remove, send };
}
