import { describe, expect, it } from 'vitest';

import { partsOf } from './subject';

describe('what an exception names', () => {
  it.each([
    ['writes_per_account', ['id'], ['account']],
    ['messages_per_order_account', ['id', 'id'], ['order', 'account']],
    ['login_failures_per_account_address', ['handle', 'address'], ['login', 'address']],
    ['sms_codes_per_phone_day', ['handle'], ['phone']],
    ['ballot_draws_per_household', ['id'], ['household']],
    ['ballot_failures_per_address', [], []],
    ['something_of_tomorrow', ['id'], ['id']],
  ])('%s', (limit, subject, parts) => {
    expect(partsOf({ limit, subject: subject as ('id' | 'handle' | 'address')[] })).toEqual(parts);
  });
});
