import { useI18n } from 'vue-i18n';

import { useT } from '@/texts';

/** Actions and things of the trail in words. What this application does not know yet is named by its code. */
export function useWords() {
  const t = useT();
  const { te } = useI18n();
  const known = (key: string, code: string) => (te(key) ? t(key as 'audit-trail.title') : code);
  const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
  return {
    kind: (code: string) => capital(known(`audit-trail.kind.${code}`, code)),
    /** What "workorder.accept" is about: an order. */
    about: (code: string) => known(`audit-trail.about.${code.split('.')[0]}`, ''),
    /** "workorder.accept" is "Order: accept". */
    action(code: string): string {
      const [about = '', what = ''] = code.split('.');
      return capital(t('audit-trail.does', { about: known(`audit-trail.about.${about}`, about), what: known(`audit-trail.what.${what}`, what) }));
    },
    capacity: (role: string) => known(`audit-trail.capacity.${role}`, known(`role.${role}`, role)),
  };
}
