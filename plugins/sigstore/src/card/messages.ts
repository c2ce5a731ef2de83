/** Texts of the entity card. */
export const cardMessages = {
  title: 'Signatures',
  headline: {
    one: {
      'evidence-mismatch': 'The evidence for {{name}} does not match',
      'unexpected-signer': '{{name}} was signed by someone else',
      'signature-lost': '{{name}} used to be signed',
      'outside-validity':
        '{{name}} was signed outside its certificate’s validity',
      'unknown-authority':
        '{{name}} was signed under an authority not trusted here',
      'evidence-incomplete': 'The evidence for {{name}} is incomplete',
      'no-signature': 'No signature found for {{name}}',
      'could-not-check': '{{name}} could not be checked',
      'unsupported-format': '{{name}} is in a format that is not understood',
      stale: '{{name}} was not re-checked in time',
      pending: '{{name}} is not checked yet',
      'no-policy': '{{name}} is signed; no rule says by whom',
      exempt: '{{name}} is under an exception',
      'expected-signer': '{{name}} is signed by the expected signer',
    },
    finding: {
      'signer-distrusted':
        '{{name}} was signed by a signer that is no longer trusted',
      'signed-outside-window':
        '{{name}} was signed at a time the rule does not allow',
    },
    many: {
      'evidence-mismatch':
        'The evidence for {{number}} of {{total}} does not match',
      'unexpected-signer':
        '{{number}} of {{total}} were signed by someone else',
      'signature-lost': '{{number}} of {{total}} used to be signed',
      'outside-validity':
        '{{number}} of {{total}} were signed outside the certificate’s validity',
      'unknown-authority':
        '{{number}} of {{total}} were signed under an authority not trusted here',
      'evidence-incomplete':
        'The evidence for {{number}} of {{total}} is incomplete',
      'no-signature': 'No signature found for {{number}} of {{total}}',
      'could-not-check': '{{number}} of {{total}} could not be checked',
      'unsupported-format':
        '{{number}} of {{total}} are in a format that is not understood',
      stale: '{{number}} of {{total}} were not re-checked in time',
      pending: '{{number}} of {{total}} are not checked yet',
      'no-policy': '{{number}} of {{total}} are signed; no rule says by whom',
      exempt: '{{number}} of {{total}} are under an exception',
      'expected-signer': 'All {{number}} signed by the expected signer',
    },
  },
  artifacts_one: '{{count}} artifact: ',
  artifacts_other: '{{count}} artifacts: ',
  share: '{{number}} of {{total}} {{words}}',
  notCounting: 'Nothing here counts for the status',
  nothingDeclared: 'No artifacts declared',
  nothingDeclaredHint: 'Tell the plugin what this entity uses:',
  nothingDeclaredMore: 'Other kinds: {{annotations}}',
  snippet: 'annotation',
  undiscovered: 'Not checked yet',
  undiscoveredHint:
    'The annotations are there; the backend reads them from the catalog in a moment. This page updates itself.',
  queued: 'queued {{time}}',
  queuedNow: 'The first check is queued; this page updates itself.',
  asked: 'Asked {{places}}, {{time}}.',
  whatToDo: 'What to do',
  whatToDoFor: 'What to do about {{name}}',
  hide: 'Hide',
  show: 'Show',
  showGreen: 'Show what is as expected',
  evidence: 'Evidence',
  evidenceFor: 'Evidence for {{name}}',
  signer: 'signer',
  signed: 'signed {{time}}',
  commit: 'commit',
  rules: 'Rules: {{rules}}',
  noRules: 'No rule covers these artifacts',
  from: 'From {{name}}',
  ownedBy: 'owned by',
  notCounted: 'does not count here',
  greenDependencies_one:
    '{{count}} artifact of what it depends on, as expected:',
  greenDependencies_other:
    '{{count}} artifacts of what it depends on, as expected:',
  showDependencies: 'Show what it depends on',
  advice: {
    'artifact-mismatch':
      'Stop the rollout; compare it with the build that produced it.',
    'signature-invalid': 'Don’t roll it out; rebuild it and sign it again.',
    'certificate-invalid': 'Don’t roll it out; rebuild it and sign it again.',
    'certificate-log-missing':
      'Add the certificate log to the trusted root if it is yours.',
    'chain-untrusted': 'Treat it as forged unless the authority is yours.',
    'time-outside-certificate':
      'Don’t roll it out; check the clock of the build machine.',
    'timestamp-missing': 'Sign it with a timestamp.',
    'timestamp-invalid': 'Don’t roll it out; rebuild it and sign it again.',
    'timestamp-untrusted':
      'Treat it as forged unless the timestamp authority is yours.',
    'log-entry-missing': 'Sign it with log upload switched on.',
    'log-entry-mismatch': 'Treat it as an incident; tell security.',
    'log-proof-invalid': 'Check again; if it stays so, tell security.',
    'log-untrusted': 'Treat it as forged unless the log is yours.',
    'evidence-malformed': 'Sign it again.',
    'format-unsupported': 'Update the plugin, or sign with a current cosign.',
    'reference-unreadable': 'Correct the annotation.',
    'statement-for-other-artifact':
      'Sign this artifact; ask who attached the other statement.',
    'signed-platforms-only': 'Sign the index, too: cosign sign --recursive.',
    'no-signature': 'Add the signing step to its pipeline.',
    'signer-not-allowed': 'Don’t roll it out; ask {{owner}} who built it.',
    'predicate-missing': 'Add the attestation step to its pipeline.',
    'policy-missing': 'Add a rule that says who should sign it.',
    'log-content-unavailable': 'Store the attestation beside the artifact.',
    'unsigned-document': 'Attach it as a signed attestation instead.',
    'source-unreachable': 'Nothing to do yet; it is tried again by itself.',
    'source-refused': 'Make it readable for the backend.',
    'host-not-allowed':
      'If the place is right, allow it: hosts, buckets and folders are configured.',
    'artifact-not-found': 'Check the reference: it leads to nothing.',
    'evidence-over-cap': 'Remove superfluous evidence from the registry.',
    'entity-unknown': 'Shorten the entity, or select by its name or namespace.',
    'key-unknown': 'Treat it as forged unless the key is yours.',
    'authority-withdrawn':
      'Ask whoever runs the trusted root why it was taken out.',
    'signer-distrusted': 'Don’t roll it out; rebuild it and sign it again.',
    'signed-outside-window':
      'Sign it with the signer that is allowed now, or correct the rule.',
    'builder-mismatch':
      'Don’t roll it out; find out who wrote this provenance.',
    'signature-missing': 'Add the signing step to its pipeline.',
    'evidence-elsewhere': 'Store the bundle where the rule wants it.',
    'evidence-gone': 'Find out what removed it, and restore it.',
    'weaker-than-before':
      'Don’t roll it out; ask {{owner}} how this version was released.',
    'result-too-old': 'Check again; if it stays so, ask why nothing answers.',
    'verification-outdated': 'Nothing to do; it is verified again by itself.',
    'exception-in-force': 'Nothing before that day; sign it by then.',
    'running-unknown': 'Let the observer see what runs there.',
    'finding-of-later-release':
      'Bring the plugins to one release; the code is named beside it.',
    'not-checked-yet': 'Nothing to do; this page updates itself.',
  },
  itsOwner: 'its owner',
} as const;
