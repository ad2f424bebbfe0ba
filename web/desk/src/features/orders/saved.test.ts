// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';

import { useColumns, useSavedViews } from './saved';

describe('what a person keeps in the browser', () => {
  beforeEach(() => localStorage.clear());

  it('is each account’s own, and a second of the same name takes the place of the first', () => {
    const mine = useSavedViews('me');
    mine.save({ name: '漏水', query: { q: '漏' } });
    mine.save({ name: '漏水', query: { q: '漏水' } });
    expect(useSavedViews('me').saved.value).toEqual([{ name: '漏水', query: { q: '漏水' } }]);
    expect(useSavedViews('other').saved.value).toEqual([]);
    mine.remove('漏水');
    expect(useSavedViews('me').saved.value).toEqual([]);
  });

  it('keeps what another window saved meanwhile', () => {
    const [one, two] = [useSavedViews('me'), useSavedViews('me')];
    one.save({ name: 'a', query: {} });
    two.save({ name: 'b', query: {} });
    expect(useSavedViews('me').saved.value.map((v) => v.name)).toEqual(['a', 'b']);
  });

  it('does not fall over what somebody else wrote there', () => {
    localStorage.setItem('redproperty.desk.orders.views.me', '{"a":');
    expect(useSavedViews('me').saved.value).toEqual([]);
  });

  it('holds columns in their own order', () => {
    useColumns().choose(['source', 'severity']);
    expect(useColumns().columns.value).toEqual(['severity', 'source']);
  });
});
