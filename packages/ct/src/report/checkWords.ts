import { CheckName } from '@cloudythings/backstage-plugin-sigstore-common';

const WORDS: Record<CheckName, string> = {
  format: 'The evidence can be read',
  limits: 'It stays within the limits',
  timestamps: 'Its timestamps hold',
  'certificate-chain': 'The certificate leads to a known authority',
  'certificate-log': 'The certificate was made public in a log',
  'signing-time': 'It was signed while the certificate was in force',
  'log-inclusion': 'The log holds its entry',
  'log-entry-binding': 'The log entry is about this very signature',
  signature: 'The signature fits the signer’s key and the content',
  'artifact-binding': 'What was signed is this very artifact',
};

/** Says a check as what is so when it passes. */
export function checkWords(name: CheckName): string {
  return WORDS[name];
}
