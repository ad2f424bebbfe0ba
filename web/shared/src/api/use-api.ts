import { inject, type App, type InjectionKey } from 'vue';

import type { Api } from './client';

const key: InjectionKey<Api> = Symbol('api');

export function provideApi(app: App, api: Api): void {
  app.provide(key, api);
}

/** The application's API client, in setup. */
export function useApi(): Api {
  const api = inject(key);
  if (!api) throw new Error('no API client was provided');
  return api;
}
