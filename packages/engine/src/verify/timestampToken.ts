import { RFC3161Timestamp } from '@sigstore/core';
import { readDer } from './trustMaterial';

/**
 * A time with a fraction of a second as DER writes it: any number of decimals,
 * the last of which is not zero (RFC 3161 §2.4.2).
 */
const WITH_FRACTION =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\.\d{0,8}[1-9]Z$/;

/** A timestamp, and what can be told of it where the library refuses it. */
export class TimestampToken extends RFC3161Timestamp {
  /** Its whole second, also where the library refuses the fraction after it. */
  get signingTime(): Date {
    return this.#read().time;
  }

  /** In words, the form that the library refuses; undefined for any other. */
  get unreadForm(): string | undefined {
    return this.#read().unreadForm;
  }

  /** As the library reads it; facts come of nothing else. */
  asLibraryReads(): RFC3161Timestamp {
    return new RFC3161Timestamp(this.root);
  }

  /** An authority that writes milliseconds leaves out a last zero. */
  #read(): { time: Date; unreadForm?: string } {
    try {
      return { time: super.signingTime };
    } catch (error) {
      const { tag, value } = readDer(this.tstInfo.raw).subs[4];
      const [fits, year, month, day, hour, minute, second] =
        WITH_FRACTION.exec(value.toString('latin1')) ?? [];
      if (!fits || !tag.isGeneralizedTime()) throw error;
      return {
        time: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`),
        unreadForm: 'a timestamp with other than three decimals of a second',
      };
    }
  }
}

/**
 * Parses an RFC 3161 timestamp response.
 *
 * @throws when it is not one
 */
export function readTimestampToken(der: Buffer): TimestampToken {
  return new TimestampToken(readDer(der));
}
