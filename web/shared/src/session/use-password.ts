import { take } from '../api/client';
import { useApi } from '../api/use-api';
import { useForm } from '../composables/use-form';
import { useCore } from '../i18n/core';
import { useSession } from './session';

const shortest = 10;

/** Setting a new password; the current one may be left out shortly after a log-in by code. */
export function useNewPassword() {
  const api = useApi();
  const session = useSession();
  const t = useCore();
  return useForm({ current: '', new: '', again: '' }, async ({ headers }, v) => {
    await take(api.PUT('/api/v1/account/password', { body: { new: v.new, ...(v.current ? { current: v.current } : {}) }, headers }));
    await session.load(api);
    return true;
  }, {
    fields: ['current', 'new', 'again'],
    check: (v) => ({
      new: [...v.new].length >= shortest ? undefined : t('password.tooShort', { n: shortest }),
      again: v.again === v.new ? undefined : t('password.differs'),
    }),
  });
}
