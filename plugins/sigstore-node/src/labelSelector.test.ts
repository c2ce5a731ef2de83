import { namesLabelValues } from './labelSelector';

describe('namesLabelValues', () => {
  it.each([
    ['app=shop', true],
    ['app == shop', true],
    ['app in (shop, pay)', true],
    ['tier!=web,app.kubernetes.io/name=shop', true],
    ['tier notin (a,b),app in(shop)', true],
    ['', false],
    ['app', false],
    ['!nothing', false],
    ['app!=x', false],
    ['app=', false],
    ['app in ()', false],
    ['app in ( , )', false],
    ['app notin (a=b,c=d)', false],
    ['app notin (x),other', false],
  ])('%s: %s', (selector, expected) => {
    expect(namesLabelValues(selector)).toBe(expected);
  });
});
