import { describe, expect, it } from 'vitest';

import { check, emptyTerms, fromView, toTerms, type TermsValues } from './terms';

const full: TermsValues = {
  ...emptyTerms(), serviceAreaId: 'a', companyId: 'c', ownersId: 'o', number: 'HT-1', startsOn: '2026-12-01', endsOn: '2027-11-30',
  fees: [{ unitKind: 'residential', yuan: '1.15', per: 'area_month', basis: '' }], bands: [{ from: '0', share: '80' }, { from: '60', share: '95.5' }, { from: '85.01', share: '100' }],
  items: [{ name: '保洁', standard: '每日', contractor: '' }, { name: '电梯', standard: '每半月', contractor: '安达电梯' }], sla: [{ severity: 'urgent', arriveMin: 30, clock: 'natural' }], promises: ['每季公布'],
};

describe('the terms of a contract', () => {
  it('go to the server in whole fen and hundredths, bands without gap or overlap', () => {
    const body = toTerms(full);
    expect(body.fees![0]!.fen).toBe(115);
    expect(body.bands).toEqual([{ from: 0, below: 6000, share: 8000 }, { from: 6000, below: 8501, share: 9550 }, { from: 8501, below: 10_001, share: 10_000 }]);
    expect(body.subcontracts).toEqual([{ item: 2, contractor: '安达电梯' }]);
    expect(check(full)).toEqual({});
  });

  it('come back as they were typed', () => {
    const body = toTerms(full);
    const view = { serviceAreaId: 'a', companyId: 'c', terms: body } as Parameters<typeof fromView>[0];
    expect(fromView(view)).toEqual(full);
  });

  it('say what is wrong at its field', () => {
    const wrong = { ...full, number: ' ', endsOn: '2026-01-01', fees: [{ ...full.fees[0]!, yuan: '1.155' }], bands: [{ from: '10', share: '80' }], items: [{ name: '', standard: 'x', contractor: '' }], promises: [''] };
    expect(check(wrong)).toEqual({ number: 'required', endsOn: 'order', 'fees[0]': 'money', 'bands[0]': 'bandFirst', 'items[0]': 'required', 'promises[0]': 'required' });
    expect(check({ ...full, bands: [{ from: '0', share: '80' }, { from: '0', share: '90' }] })).toEqual({ 'bands[1]': 'bandOrder' });
    expect(check({ ...full, bands: [{ from: '0', share: '201' }] })).toEqual({ 'bands[0]': 'share' });
    expect(check({ ...full, fees: [full.fees[0]!, full.fees[0]!] })).toEqual({ 'fees[1]': 'twice' });
  });
});
