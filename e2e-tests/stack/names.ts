/**
 * The names under which the stack is reached. They are the names a real
 * organization would use, because they end up in certificates, payloads and log
 * entries; the loopback proxy leads them to the processes on this machine.
 */
export const names = {
  workflowIssuer: 'token.actions.githubusercontent.com',
  personIssuer: 'accounts.google.com',
  fulcio: 'fulcio.acme.example',
  ctLog: 'ctfe.acme.example',
  rekor: 'log2026-1.rekor.acme.example',
  timestamp: 'tsa.acme.example',
  registry: 'registry.acme.example',
} as const;

/** Path of the certificate log under its host: one log a year. */
export const ctLogPrefix = '2026';

/**
 * Organization in every certificate of an authority of the stack: the mark by
 * which a trusted root of the demo is recognised.
 */
export const organization = 'Acme Demo World';

/** https address of one of the names. */
export function addressOf(name: keyof typeof names): string {
  return `https://${names[name]}`;
}
