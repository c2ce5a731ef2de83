import { RFC3161Timestamp } from '@sigstore/core';
import { readDer } from './trustMaterial';

/**
 * A time with a fraction of a second as DER writes it: any number of decimals,
 * the last of which is not zero (RFC 3161 §2.4.2).
 */
const WITH_FRACTION =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\.\d{0,8}[1-9]Z$/;

/**
 * A timestamp as the library reads it, but for its time: the library refuses
 * fractions of other than three decimals, as a token of every tenth
 * millisecond has. Like the library, it tells whole seconds.
 */
class TimestampToken extends RFC3161Timestamp {
  get signingTime(): Date {
    const { raw } = this.tstInfo;
    const time = readDer(raw).subs[4];
    const [fits, year, month, day, hour, minute, second] =
      WITH_FRACTION.exec(time.value.toString('latin1')) ?? [];
    if (!fits || !time.tag.isGeneralizedTime()) return time.toDate();
    return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  }
}

/**
 * Parses an RFC 3161 timestamp response.
 *
 * @throws when it is not one
 */
export function readTimestampToken(der: Buffer): RFC3161Timestamp {
  return new TimestampToken(readDer(der));
}
