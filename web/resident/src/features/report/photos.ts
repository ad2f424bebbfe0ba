import { onScopeDispose, ref } from 'vue';

import { newKey } from '@redproperty/shared/api/client';

import { compress } from './compress';

/** As many photos as the server takes for one order. */
export const mostPhotos = 9;

/** A photo that was chosen and made small. */
export interface Photo {
  key: string;
  blob: Blob;
  url: string;
}

/** Photos chosen on the phone, before they go into the queue. */
export function usePhotos() {
  const photos = ref<Photo[]>([]);
  /** Whether a picture that was chosen could not be read. */
  const unreadable = ref(false);

  async function add(files: Iterable<File>): Promise<void> {
    unreadable.value = false;
    for (const file of files) {
      if (photos.value.length >= mostPhotos) return;
      try {
        const blob = await compress(file);
        photos.value.push({ key: newKey(), blob, url: URL.createObjectURL(blob) });
      } catch {
        unreadable.value = true;
      }
    }
  }

  function remove(photo: Photo): void {
    URL.revokeObjectURL(photo.url);
    photos.value = photos.value.filter((p) => p.key !== photo.key);
  }

  /** Takes all of them, to be sent. */
  function takeAll(): Photo[] {
    const all = photos.value;
    for (const p of all) URL.revokeObjectURL(p.url);
    photos.value = [];
    return all;
  }

  onScopeDispose(() => photos.value.forEach((p) => URL.revokeObjectURL(p.url)));
  return { photos, unreadable, add, remove, takeAll };
}
