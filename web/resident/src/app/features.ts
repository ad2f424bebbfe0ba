import type { RouteRecordRaw } from 'vue-router';

import type { Entry } from './navigation';

/** What a feature's routes.ts exports. Every folder under features that has one is part of the application. */
export interface Feature {
  routes: RouteRecordRaw[];
  /** Its entries in the navigation, if it has any. */
  navigation?: Entry[];
}

const found = import.meta.glob<Feature>('../features/*/routes.ts', { eager: true });

export const features: Feature[] = Object.values(found);
