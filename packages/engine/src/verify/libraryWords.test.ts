import { VerificationError } from '@sigstore/verify';
import { unexplained } from './libraryWords';

type Code = ConstructorParameters<typeof VerificationError>[0]['code'];

describe('an objection of the library that no check of ours explains', () => {
  it.each<[Code, string, string]>([
    ['TIMESTAMP_ERROR', 'timestamps', 'timestamp-invalid'],
    ['CERTIFICATE_ERROR', 'certificate-chain', 'certificate-invalid'],
    ['TLOG_BODY_ERROR', 'log-entry-binding', 'log-entry-mismatch'],
    ['TLOG_ERROR', 'log-inclusion', 'log-proof-invalid'],
    ['TLOG_INCLUSION_PROOF_ERROR', 'log-inclusion', 'log-proof-invalid'],
    ['TLOG_INCLUSION_PROMISE_ERROR', 'log-inclusion', 'log-proof-invalid'],
    ['TLOG_MISSING_INCLUSION_ERROR', 'log-inclusion', 'log-proof-invalid'],
    ['SIGNATURE_ERROR', 'signature', 'signature-invalid'],
    ['PUBLIC_KEY_ERROR', 'format', 'evidence-malformed'],
  ])('%s fails the check %s with %s', (code, check, finding) => {
    const error = new VerificationError({ code, message: 'in words' });
    expect(unexplained(error)).toEqual([
      check,
      { code: finding, detail: 'in words' },
    ]);
  });

  it('of what is no such error, the text is not told', () => {
    const error = Object.assign(new TypeError('out of the evidence'), {
      code: 'SIGNATURE_ERROR',
    });
    expect(unexplained(error)).toEqual([
      'format',
      { code: 'evidence-malformed', detail: 'the evidence cannot be read' },
    ]);
  });
});
