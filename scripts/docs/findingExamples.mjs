/*
 * What each finding looks like, and what repeats the check, for the pages of
 * `docs/findings`. The commands themselves are made by the code that makes them
 * for the provenance tab; only what is asked for is said here.
 */
const workflow =
  'https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main';
const issuer = 'https://token.actions.githubusercontent.com';
const provenance = 'https://slsa.dev/provenance/v1';
const digest = start => `sha256:${start.padEnd(64, '0')}`;
const built = digest('9c415a07');
const signed = digest('77b01ce3');

/** The image that examples are about, and the signer that its rule expects. */
export const exampleReport = {
  kind: 'image',
  reference: 'ghcr.io/acme/checkout:1.4.2',
  digest: built,
  expected: [
    {
      policy: 'images',
      authority: 'release-workflow',
      trustedRoot: 'public-good',
      issuer,
      identity: workflow,
      pattern: false,
      predicateTypes: [],
    },
  ],
};

const compare = (aspect, found, expected) => ({ aspect, found, expected });

/** What commands ask for where it is not simply the expected signer. */
const withProvenance = { predicateTypes: [provenance] };
const withKey = { key: true, issuer: '', identity: digest('3be47d91') };

/** Why a command cannot repeat the check by itself. */
const notCosign =
  'cosign knows nothing of trust policies: it looks at the signature alone and accepts it.';
const needsPolicy = `${notCosign} Give \`ct\` the policies of your Backstage.`;
const needsMemory =
  'Neither program remembers what was there before. What they tell is what is there now; the history on the provenance tab tells what was.';

/**
 * By code: `example` is a finding without its code; `asks` changes who is asked
 * for; `by` is `digest` (the rule), `tag` where no digest is known yet, or
 * `policy` where only `ct` with policies can tell, and `entity` the file that
 * it needs for that; `remark` is said beside the commands.
 */
export const findingExamples = {
  'artifact-mismatch': {
    example: {
      detail: 'the signature is over another digest',
      comparisons: [compare('digest', built, signed)],
    },
  },
  'signature-invalid': {
    example: {
      detail: 'the key of the certificate did not make this signature',
    },
  },
  'certificate-invalid': {
    example: {
      detail:
        'the certificate does not carry the signature of the authority it names, or that authority was not in force',
    },
  },
  'certificate-log-missing': {
    example: {
      detail: 'signed certificate timestamps of 0 of 1 certificate logs',
    },
  },
  'chain-untrusted': {
    example: {
      detail:
        'issued by CN=sigstore-intermediate, O=other.example, which the trusted root "public-good" does not contain',
      comparisons: [
        compare(
          'certificate authority',
          'CN=sigstore-intermediate, O=other.example',
          'one of the trusted root "public-good"',
        ),
      ],
    },
  },
  'time-outside-certificate': {
    example: {
      comparisons: [
        compare(
          'time of signing',
          '2026-11-20T12:41:55.000Z',
          '2026-11-20T11:57:58.000Z to 2026-11-20T12:07:58.000Z',
        ),
      ],
    },
  },
  'timestamp-missing': { example: { detail: '0 of 1 attested times' } },
  'timestamp-invalid': {
    example: { detail: 'the timestamp was made for another signature' },
  },
  'timestamp-untrusted': {
    example: {
      detail:
        'the timestamp names an authority that the trusted root does not contain',
    },
  },
  'log-entry-missing': {
    example: { detail: 'entries in 0 of 1 transparency logs' },
  },
  'log-entry-mismatch': {
    example: {
      detail: 'the log entry names another certificate than the evidence',
    },
    remark:
      'cosign compares digest and signature of the entry, but not the certificate; where only that differs, it accepts what `ct` refuses.',
  },
  'log-proof-invalid': {
    example: {
      detail:
        'the log head does not go by the name of the log in the trusted root',
      comparisons: [
        compare(
          'log',
          'log2026-1.rekor.other.example',
          'log2025-1.rekor.sigstore.dev',
        ),
      ],
    },
  },
  'log-untrusted': {
    example: {
      detail:
        'the log c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d is not in the trusted root "acme"',
    },
  },
  'evidence-malformed': {
    example: {
      detail:
        'the bundle does not follow its format: verificationMaterial.tlogEntries',
    },
  },
  'format-unsupported': {
    example: { detail: 'a log entry of the kind rekord' },
    remark:
      'cosign may read formats that are not read here, such as those of older tools.',
  },
  'reference-unreadable': {
    example: {
      detail:
        '"checkout:1.4.2" does not start with a registry host, such as ghcr.io/',
    },
    by: 'tag',
    written: 'checkout:1.4.2',
    remark: 'Both programs refuse the reference, each in words of its own.',
  },
  'statement-for-other-artifact': {
    example: {
      detail: 'what was signed names another artifact',
      comparisons: [compare('digest', signed, built)],
    },
    asks: withProvenance,
  },
  'signed-platforms-only': {
    example: { detail: digest('3be47d91') },
    remark:
      'Asked about an image that the detail names instead of the list, both programs accept it.',
  },
  'no-signature': {
    example: {
      detail: 'ghcr.io was asked for referrers and for tags, and has none',
    },
  },
  'signer-not-allowed': {
    example: {
      comparisons: [
        compare('identity', 'jane@acme.example', workflow),
        compare('issuer', 'https://accounts.google.com', issuer),
      ],
    },
    remark:
      'Patterns are anchored here and in `ct`: they have to describe the whole identity. cosign finds a pattern anywhere in it; the commands that the provenance tab gives for cosign have the anchors written out.',
  },
  'predicate-missing': {
    example: {
      detail: 'the rule "images" requires it',
      comparisons: [compare('predicate type', 'none', provenance)],
    },
    asks: withProvenance,
  },
  'policy-missing': {
    example: {},
    by: 'policy',
    remark:
      'Both programs want to be told who should have signed; that nobody said is what this finding is about. `ct` with policies that do not cover the artifact says the same as the card.',
  },
  'log-content-unavailable': {
    example: {
      detail: 'entry 25579: the log keeps only a digest of what it says',
    },
    remark:
      'Neither program searches logs. `rekor-cli get --rekor_server URL --log-index 25579` shows the entry that the detail names.',
  },
  'unsigned-document': {
    example: { detail: 'application/vnd.cyclonedx+json' },
    remark: 'cosign says only that there is no signature.',
  },
  'source-unreachable': {
    example: { detail: 'ghcr.io: connection refused' },
    by: 'tag',
  },
  'source-refused': {
    example: { detail: 'ghcr.io: 401, it wants credentials' },
    by: 'tag',
    remark:
      'cosign and `ct` use the credentials that you are logged in with; the backend uses those that an administrator mapped to the entity, and asks without any where there are none.',
  },
  'host-not-allowed': {
    example: { detail: 'registry.internal.example' },
    by: 'tag',
    written: 'registry.internal.example/acme/checkout:1.4.2',
    remark:
      'cosign asks any host. `ct` asks the well-known ones and those named with `--allow-host`.',
  },
  'artifact-not-found': {
    example: { detail: 'ghcr.io/acme/checkout:1.4.2' },
    by: 'tag',
  },
  'evidence-over-cap': {
    example: { detail: '40 log entries, at most 32 are read' },
    remark: 'cosign has other limits, and may read on.',
  },
  'entity-unknown': {
    example: {
      detail:
        'whether the policy "production" covers ghcr.io/acme/checkout:1.4.2 depends on metadata.namespace of component:default/checkout',
    },
    by: 'policy',
    entity: './checkout.json',
    remark:
      'A policy without `entity` says the same of every entity. cosign knows nothing of trust policies.',
  },
  'key-unknown': {
    example: {
      detail:
        'made by none of the 2 keys that are trusted under this trusted root',
    },
    asks: withKey,
  },
  'authority-withdrawn': {
    example: {
      detail: 'it held under an earlier version of the trusted root "acme"',
    },
    remark: `${needsMemory} With today's trusted root they say that the authority is unknown.`,
  },
  'signer-distrusted': {
    example: {
      detail:
        '"stolen-release-token" distrusts it: the token of the release workflow was published in a build log',
    },
    by: 'policy',
    remark: needsPolicy,
  },
  'signed-outside-window': {
    example: {
      comparisons: [
        compare(
          'time of signing',
          '2026-11-20T11:58:03.000Z',
          'before 2026-11-01T00:00:00Z',
        ),
      ],
    },
    by: 'policy',
    remark: needsPolicy,
  },
  'builder-mismatch': {
    example: {
      comparisons: [
        compare(
          'builder',
          'https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0',
          workflow,
        ),
      ],
    },
    asks: withProvenance,
    remark:
      'cosign does not compare the two: it accepts the statement. In what it prints, compare `predicate.runDetails.builder.id` with the certificate.',
  },
  'signature-missing': {
    example: { detail: 'the rule "images" requires it' },
    asks: { ...withProvenance, withSignature: true },
    remark:
      '`ct` asks for a signature besides attestations only where a policy says `require: both`.',
  },
  'evidence-elsewhere': {
    example: {
      detail: 'the rule "images" wants it stored elsewhere',
      comparisons: [compare('place', 'oci-registry', 'bundle-store')],
    },
    by: 'policy',
    remark: needsPolicy,
  },
  'evidence-gone': {
    example: {
      detail: `${digest(
        'e1444b70',
      )}, signed by release.yml in acme/checkout (GitHub Actions)`,
    },
    remark: needsMemory,
  },
  'weaker-than-before': {
    example: {
      detail: `ghcr.io/acme/checkout:1.4.1 (${signed}) was signed by release.yml in acme/checkout (GitHub Actions)`,
      comparisons: [compare('predicate type', 'none', provenance)],
    },
    asks: withProvenance,
    remark: `${needsMemory} Run the commands for both versions and compare.`,
  },
  'result-too-old': {
    example: {
      comparisons: [
        compare(
          'every source answered',
          '2026-10-12T09:30:00.000Z',
          'after 2026-10-21T14:02:11.000Z',
        ),
      ],
    },
    remark:
      'Both programs ask now. If they get an answer and the backend does not, look between the backend and the source.',
  },
  'verification-outdated': {
    example: {},
    remark:
      'Both programs verify now, under the trusted root that they are given.',
  },
  'exception-in-force': {
    example: {
      detail:
        'until 2027-01-31, group:default/payments: the vendor signs from release 3 on',
    },
    by: 'policy',
    remark: `${notCosign} \`ct\` with policies names the exception; it does not count as expected.`,
  },
  'running-unknown': {
    example: { detail: 'it answered 403: pods is forbidden' },
    by: 'tag',
    remark:
      'Both programs check an artifact that is named to them. What runs, the cluster says: `kubectl get pods --all-namespaces --selector backstage.io/kubernetes-id=checkout`.',
  },
  'finding-of-later-release': {
    example: { detail: 'a-code-of-later: what was found, in its words' },
    remark:
      'Both programs check now, and name what they find in words of their own release.',
  },
  'not-checked-yet': {
    example: {},
    remark: 'Both programs check now, without waiting for the backend.',
  },
};
