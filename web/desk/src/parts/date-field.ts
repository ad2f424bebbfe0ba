import { defineAsyncComponent } from 'vue';

/** The field for dates, in a file of its own: most pages are opened without one being filled in. */
export const DateField = defineAsyncComponent(() => import('./DateField.vue'));
