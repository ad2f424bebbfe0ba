import { useI18n } from 'vue-i18n';

/** Names for the codes of places, in setup: named('use', unit.use). A code without a name is shown as it is. */
export function useWords() {
  const { t, te } = useI18n();
  return {
    named: (path: string, code: string | undefined) => (code !== undefined && te(`places.${path}.${code}`) ? t(`places.${path}.${code}`) : (code ?? '')),
  };
}
