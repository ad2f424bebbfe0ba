import { useI18n } from 'vue-i18n';

/** Names for the codes of organisations and posts, in setup: named('kind', o.kind). A code without a name is shown as it is. */
export function useWords() {
  const { t, te } = useI18n();
  return {
    named: (path: string, code: string | undefined) => (code !== undefined && te(`people.${path}.${code}`) ? t(`people.${path}.${code}`) : (code ?? '')),
    role: (code: string) => (te(`role.${code}`) ? t(`role.${code}`) : code),
  };
}
