import { useI18n } from 'vue-i18n';

/** Names for the codes of audits, in setup: named('state', audit.state). A code without a name is shown as it is. */
export function useWords() {
  const { t, te } = useI18n();
  return (path: string, code: string | undefined) => (code !== undefined && te(`score-audit.${path}.${code}`) ? t(`score-audit.${path}.${code}`) : (code ?? ''));
}
