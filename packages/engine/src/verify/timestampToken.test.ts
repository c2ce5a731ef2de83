import { readTimestampToken } from './timestampToken';
import { MockInstance } from './__testUtils__/MockInstance';

describe('the time of a timestamp', () => {
  /** The library reads three decimals, and no others. */
  const MILLISECONDS = 250;
  let token: string;
  let written: string;

  beforeAll(async () => {
    const instance = await MockInstance.create();
    instance.clock.setTime(Date.UTC(2031, 1, 2, 3, 4, 5, MILLISECONDS));
    const { verificationMaterial } = await instance.signMessage(
      Buffer.from('an artifact'),
      { timestamp: true },
    );
    const [{ signedTimestamp }] =
      verificationMaterial.timestampVerificationData.rfc3161Timestamps;
    token = Buffer.from(signedTimestamp, 'base64').toString('latin1');
    written = '\x18\x1220310202030405.25Z';
  });

  const read = (time: string) => {
    expect(token).toContain(written);
    expect(time).toHaveLength(written.length);
    const changed = token.replace(written, time);
    return readTimestampToken(Buffer.from(changed, 'latin1'));
  };

  it('is the whole second, where the library refuses its fraction', () => {
    const { signingTime, unreadForm } = read(written);
    expect(signingTime).toEqual(new Date('2031-02-02T03:04:05Z'));
    expect(unreadForm).toMatch(/other than three decimals/);
  });

  it.each([
    ['something before it', '\x18\x12x20310202030405.5Z'],
    ['something after it', '\x18\x1220310202030405.5Zx'],
    ['a fraction that ends with zero', '\x18\x1220310202030405.20Z'],
    ['another zone', '\x18\x1220310202030405.25+'],
    ['the tag of another type', '\x17\x1220310202030405.25Z'],
  ])('is not read with %s', (_, time) => {
    expect(() => read(time).signingTime).toThrow();
    expect(() => read(time).unreadForm).toThrow();
  });
});
