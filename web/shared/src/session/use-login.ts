import { computed, onScopeDispose, ref } from 'vue';

import { take } from '../api/client';
import { useApi } from '../api/use-api';
import { useAction } from '../composables/use-action';
import { useForm } from '../composables/use-form';
import { useCore } from '../i18n/core';
import { knownPhone } from './known-phone';
import { useSession } from './session';

const phonePattern = /^1[3-9]\d{9}$/;
const waitSeconds = 60;

/** The log-in by password; `login` is the name of whoever was in before. */
export function usePasswordLogin(login = '') {
  const api = useApi();
  const session = useSession();
  const t = useCore();
  return useForm({ login, password: '' }, async ({ headers }, body) => {
    await take(api.POST('/api/v1/auth/sessions', { body, headers }));
    await session.entered(api);
    knownPhone.set(''); // whoever comes by name may be another than came by code
    return true;
  }, {
    fields: ['login', 'password'],
    check: (v) => ({ login: v.login.trim() ? undefined : t('login.required'), password: v.password ? undefined : t('login.required') }),
  });
}

/** The log-in by a one-time code, with the sending of it. A personal device remembers the number. */
export function useCodeLogin({ personal = false } = {}) {
  const api = useApi();
  const session = useSession();
  const t = useCore();
  const form = useForm({ phone: personal ? knownPhone.get() : '', code: '' }, async ({ headers }, body) => {
    await take(api.POST('/api/v1/auth/sessions/by-code', { body, headers }));
    await session.entered(api);
    if (personal) knownPhone.set(body.phone);
    return true;
  }, {
    fields: ['phone', 'code'],
    check: (v) => ({ phone: phonePattern.test(v.phone) ? undefined : t('login.phoneInvalid'), code: /^\d{6}$/.test(v.code) ? undefined : t('login.codeInvalid') }),
  });

  const wait = ref(0);
  const sent = ref(false);
  let timer: ReturnType<typeof setInterval> | undefined;
  const sending = useAction(async ({ headers }, phone: string) => {
    await api.POST('/api/v1/auth/codes', { body: { phone }, headers });
    return true;
  });

  async function sendCode(): Promise<void> {
    if (!phonePattern.test(form.values.phone)) {
      form.errors['phone'] = t('login.phoneInvalid');
      return;
    }
    if (wait.value > 0) return;
    sent.value = (await sending.run(form.values.phone)) === true;
    const seconds = sent.value ? waitSeconds : (sending.error.value?.retryAfter ?? 0);
    if (seconds > 0) countDown(seconds);
  }

  function countDown(seconds: number): void {
    clearInterval(timer);
    wait.value = seconds;
    timer = setInterval(() => {
      if (--wait.value <= 0) clearInterval(timer);
    }, 1000);
  }

  onScopeDispose(() => clearInterval(timer));
  return { ...form, problem: computed(() => form.problem.value ?? sending.error.value), sendCode, sending: sending.busy, sent, wait };
}
