import { useI18n } from 'vue-i18n';

import { useT } from '@/texts';

/** The words for codes of the server. A code that this application does not know yet is shown as it is. */
export function useWords() {
  const t = useT();
  const { te } = useI18n();
  const known = (key: string, code: string) => (te(key) ? t(key as 'jobs.title') : code);
  return {
    job: (name: string) => known(`jobs.job.${name.replace(/[.-]/g, '_')}`, name),
    channel: (name: string) => known(`jobs.channel.${name}`, name),
    error(code: string): string {
      const [, who, number] = /^(answer|robot)_(\d+)$/.exec(code) ?? [];
      if (number) return t(who === 'robot' ? 'jobs.error.robot' : 'jobs.error.answered', { code: number });
      return known(`jobs.error.${code.replace(/[.-]/g, '_')}`, code);
    },
  };
}
