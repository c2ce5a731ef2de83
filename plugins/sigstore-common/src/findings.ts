import { z } from 'zod/v4';
import type { CheckName } from './facts';
import { ArtifactStatus } from './statuses';

/**
 * Where a finding is made: in a step of the flow, or by one of the checks of
 * verification; `verify` stands for any of them.
 *
 * @public
 */
export type FindingSource =
  | 'discover'
  | 'resolve'
  | 'collect'
  | 'verify'
  | 'judge'
  | CheckName;

/**
 * What is known about one finding code, in words for people.
 *
 * @public
 */
export type FindingDescription = {
  /** The status an artifact gets when this finding decides. */
  status: ArtifactStatus;
  /** In the order of the flow. */
  foundBy: readonly FindingSource[];
  title: string;
  whatHappened: string;
  whyItMatters: string;
  whatToDo: string;
};

const FINDINGS = {
  'artifact-mismatch': {
    status: 'evidence-mismatch',
    foundBy: ['artifact-binding'],
    title: 'The artifact is not what was signed',
    whatHappened:
      'A signature exists, but it was made over other bytes than those that are there now.',
    whyItMatters:
      'The artifact was replaced or edited after it was signed; nobody vouches for what it is now.',
    whatToDo:
      'Stop the rollout. Compare with the build that produced it, and restore or rebuild and sign it. Do not sign it again before the difference is explained.',
  },
  'signature-invalid': {
    status: 'evidence-mismatch',
    foundBy: ['signature'],
    title: 'The signature does not hold',
    whatHappened:
      'The signature was not made over the content that comes with it, or not with the key of its certificate or the public key that is expected.',
    whyItMatters:
      'Either the content or the signature was changed; it proves nothing about who made it.',
    whatToDo:
      'Do not roll it out. Find out who wrote this evidence to its source, then rebuild and sign.',
  },
  'certificate-invalid': {
    status: 'evidence-mismatch',
    foundBy: ['certificate-chain', 'certificate-log'],
    title: 'The certificate does not hold',
    whatHappened:
      'The signing certificate was altered, cannot be read, or lacks what a signing certificate must have.',
    whyItMatters:
      'Who signed cannot be told from a certificate that is broken.',
    whatToDo:
      'Do not roll it out. Rebuild and sign; if it happens again, check how evidence is copied between registries.',
  },
  'certificate-log-missing': {
    status: 'evidence-incomplete',
    foundBy: ['certificate-log'],
    title: 'No proof that the certificate was made public',
    whatHappened:
      'The certificate carries no signed certificate timestamp of a log that is configured here.',
    whyItMatters:
      'A certificate that was never published could have been issued without anybody noticing.',
    whatToDo:
      'If the authority is your own, add its certificate log to the trusted root, or lower that root’s threshold knowingly.',
  },
  'chain-untrusted': {
    status: 'unknown-authority',
    foundBy: ['certificate-chain'],
    title: 'The certificate comes from an unknown authority',
    whatHappened:
      'The certificate was issued by an authority that no trusted root configured here contains.',
    whyItMatters:
      'Anyone can run an authority and put any name into a certificate.',
    whatToDo:
      'If it is another Sigstore instance of yours, add its trusted root to the configuration. If not, treat it as forged.',
  },
  'time-outside-certificate': {
    status: 'outside-validity',
    foundBy: ['signing-time'],
    title: 'Signed outside the certificate’s window',
    whatHappened:
      'The attested time of signing does not lie between the start and the end of the certificate.',
    whyItMatters:
      'Signing certificates live for minutes so that a stolen key is worthless afterwards. This signature was made when the key should no longer have existed.',
    whatToDo:
      'Do not roll it out. Check the clock of the build machine, then rebuild and sign; if the clock was right, treat the key as stolen.',
  },
  'timestamp-missing': {
    status: 'evidence-incomplete',
    foundBy: ['timestamps'],
    title: 'No attested time',
    whatHappened:
      'Nothing in the evidence says, signed by a timestamp authority or a log, when it was made.',
    whyItMatters:
      'Without an attested time nobody can tell whether the certificate was in force.',
    whatToDo:
      'Sign with a timestamp authority or a log that attests times; recent versions of cosign do so by default.',
  },
  'timestamp-invalid': {
    status: 'evidence-mismatch',
    foundBy: ['timestamps'],
    title: 'The timestamp does not hold',
    whatHappened:
      'A timestamp in the evidence was altered or was issued for another signature.',
    whyItMatters: 'The time of signing may be made up.',
    whatToDo:
      'Do not roll it out. Rebuild and sign, and find out who wrote this evidence to its source.',
  },
  'timestamp-untrusted': {
    status: 'unknown-authority',
    foundBy: ['timestamps'],
    title: 'The time comes from an unknown authority',
    whatHappened:
      'The timestamp was issued by an authority that the trusted root does not contain.',
    whyItMatters: 'Anyone can run a timestamp authority and attest any time.',
    whatToDo:
      'If it is your own timestamp authority, add it to the trusted root. If not, treat the evidence as forged.',
  },
  'log-entry-missing': {
    status: 'evidence-incomplete',
    foundBy: ['log-inclusion'],
    title: 'Not recorded in a transparency log',
    whatHappened:
      'The trusted root asks for an entry in a transparency log, and the evidence has none.',
    whyItMatters:
      'A signature that nobody can find in a log can be made in secret.',
    whatToDo:
      'Sign with log upload switched on, or accept signatures without an entry by a trusted root of its own.',
  },
  'log-entry-mismatch': {
    status: 'evidence-mismatch',
    foundBy: ['log-entry-binding'],
    title: 'The log entry is about something else',
    whatHappened:
      'The log entry names another digest, signature, certificate or key than the evidence it comes with.',
    whyItMatters:
      'Evidence was put together from different pieces to look complete.',
    whatToDo: 'Treat it as an incident: find out who wrote this evidence.',
  },
  'log-proof-invalid': {
    status: 'evidence-mismatch',
    foundBy: ['log-inclusion'],
    title: 'The log proof does not hold',
    whatHappened:
      'The inclusion proof or the signed log head does not lead to the log entry.',
    whyItMatters:
      'The entry may never have been in the log, or the log showed different people different contents.',
    whatToDo:
      'Fetch the evidence again. If it stays so, tell security and whoever runs the log.',
  },
  'log-untrusted': {
    status: 'unknown-authority',
    foundBy: ['log-inclusion'],
    title: 'Recorded in an unknown log',
    whatHappened:
      'The log entry comes from a log that the trusted root does not contain.',
    whyItMatters: 'Anyone can run a log and put any entry into it.',
    whatToDo:
      'If it is your own log, add it to the trusted root. If not, treat the evidence as forged.',
  },
  'evidence-malformed': {
    status: 'evidence-mismatch',
    foundBy: ['verify'],
    title: 'The evidence cannot be read',
    whatHappened:
      'What is stored as a signature is damaged or does not follow its format.',
    whyItMatters: 'Nothing can be concluded from it.',
    whatToDo:
      'Sign again. If it was readable before, find out who overwrote it.',
  },
  'format-unsupported': {
    status: 'unsupported-format',
    foundBy: [
      'collect',
      'format',
      'timestamps',
      'log-entry-binding',
      'signature',
      'artifact-binding',
    ],
    title: 'A format that is not read yet',
    whatHappened:
      'There is something here that may be a signature, in a format this version does not read.',
    whyItMatters: 'This is not a judgement about the artifact.',
    whatToDo:
      'Update the plugin, or sign with a current version of cosign; the detail names the format.',
  },
  'reference-unreadable': {
    status: 'unsupported-format',
    foundBy: ['discover'],
    title: 'The reference cannot be read',
    whatHappened:
      'The entity declares something that is not an artifact reference.',
    whyItMatters: 'What cannot be found cannot be checked.',
    whatToDo:
      'Correct the annotation, or the mapping that made the reference out of it; the detail says what is wrong with it.',
  },
  'statement-for-other-artifact': {
    status: 'no-signature',
    foundBy: ['artifact-binding'],
    title: 'The only statement is about another artifact',
    whatHappened:
      'Evidence is attached here, but what it says is about an artifact with another digest.',
    whyItMatters:
      'Attaching evidence is not signing: anybody who can write to the registry can attach any of it anywhere.',
    whatToDo:
      'Sign this artifact. Ask who attached the other statement; it may be a mistake in a pipeline or an attempt to look signed.',
  },
  'signed-platforms-only': {
    status: 'no-signature',
    foundBy: ['judge'],
    title: 'Only images of single platforms are signed',
    whatHappened:
      'This is a list of images, one for each platform. Some of these images are signed, the list is not.',
    whyItMatters:
      'Whoever can change the list decides which image a platform gets, and can leave out or exchange the signed ones.',
    whatToDo:
      'Sign the list, too: cosign sign --recursive signs it and the images in it.',
  },
  'no-signature': {
    status: 'no-signature',
    foundBy: ['judge'],
    title: 'No signature found',
    whatHappened:
      'Every source that could hold a signature for this artifact answered, and none has one.',
    whyItMatters: 'Nobody vouches for this artifact; who built it is unknown.',
    whatToDo:
      'Add the signing step to the pipeline that builds it and run it again. If it comes from elsewhere, ask its owner.',
  },
  'signer-not-allowed': {
    status: 'unexpected-signer',
    foundBy: ['judge'],
    title: 'Signed by someone else',
    whatHappened:
      'The signature is genuine, but not of a signer the rule allows.',
    whyItMatters:
      'A genuine signature of the wrong hands ties the artifact to nothing you reviewed.',
    whatToDo:
      'Do not roll it out before the owner explains it. If this signer should be able to sign, change the rule; if not, rebuild with the expected pipeline.',
  },
  'predicate-missing': {
    status: 'evidence-incomplete',
    foundBy: ['judge'],
    title: 'A required attestation is missing',
    whatHappened:
      'The expected signer signed, but an attestation of a type that the rule requires is not there.',
    whyItMatters:
      'What the rule wants to know, such as how it was built, nobody has stated.',
    whatToDo:
      'Add the attestation step to the pipeline; the comparison names the type.',
  },
  'policy-missing': {
    status: 'no-policy',
    foundBy: ['judge'],
    title: 'No rule says who should sign',
    whatHappened:
      'The signature is genuine, and no trust policy covers this artifact.',
    whyItMatters: 'Whether this is who should have signed, nobody decided.',
    whatToDo:
      'Add a trust policy for it. The signer shown here is a good start if the owner confirms it.',
  },
  'log-content-unavailable': {
    status: 'no-signature',
    foundBy: ['collect'],
    title: 'Recorded in the log, content not available',
    whatHappened:
      'A search of a transparency log led to an entry that names this artifact. What was signed is not kept in the log, or the entry is of a kind that is not read, and no other source has it.',
    whyItMatters:
      'Somebody logged something about this artifact. Without its content nobody can tell what was said; it counts neither for nor against the artifact.',
    whatToDo:
      'Look for the attestation where it was made, and store it beside the artifact: in its registry, in GitHub’s attestations or in a bundle file. If nobody knows it, ask security to look at the entry.',
  },
  'unsigned-document': {
    status: 'no-signature',
    foundBy: ['collect'],
    title: 'A document is attached that nobody signed',
    whatHappened:
      'Something about this artifact lies beside it in the registry: a list of its contents (SBOM) or a statement of how it was built. It carries no signature.',
    whyItMatters:
      'Whoever may write to the registry can put such a document there or change it. It proves nothing and counts neither for nor against the artifact.',
    whatToDo:
      'Attach it as a signed attestation instead: cosign attest --predicate FILE --type TYPE IMAGE. What nobody needs can stay.',
  },
  'source-unreachable': {
    status: 'could-not-check',
    foundBy: ['resolve', 'collect'],
    title: 'A source did not answer',
    whatHappened:
      'A place that could hold the signature did not answer: a registry, a bundle store, GitHub or a log.',
    whyItMatters:
      'Whether it is signed is not known; this says nothing against the artifact.',
    whatToDo:
      'Wait for the next try, or check whether the source is up and reachable from the backend.',
  },
  'source-refused': {
    status: 'could-not-check',
    foundBy: ['resolve', 'collect'],
    title: 'A source refused to answer',
    whatHappened:
      'A registry, a bundle store, GitHub or a log asked for credentials or refused the request.',
    whyItMatters:
      'Whether it is signed is not known; this says nothing against the artifact.',
    whatToDo:
      'Let the backend read it: with credentials that are configured for this registry and this entity, or without any, for example through a mirror. GitHub is asked with the credentials of Backstage’s integration: a GitHub App needs the permission to read attestations, and must be installed for the repository. Check the rate limits of the host, too.',
  },
  'host-not-allowed': {
    status: 'could-not-check',
    foundBy: ['resolve', 'collect'],
    title: 'The place is not among those that may be asked',
    whatHappened:
      'The reference leads to a host, a bucket or a folder that the backend may not read.',
    whyItMatters:
      'Entities can name any place; the backend asks only those that an administrator allows.',
    whatToDo:
      'If the place is right, add a host to sigstore.hosts, a bucket to sigstore.sources.s3, or a folder to sigstore.fileRoots.',
  },
  'artifact-not-found': {
    status: 'could-not-check',
    foundBy: ['resolve'],
    title: 'The artifact is not there',
    whatHappened:
      'The source answered that it has no artifact under this reference.',
    whyItMatters: 'What is not there cannot be checked.',
    whatToDo:
      'Check the reference on the entity: the tag or file may have been removed or misspelt.',
  },
  'evidence-over-cap': {
    status: 'could-not-check',
    foundBy: ['collect', 'limits', 'signature'],
    title: 'More evidence than is read',
    whatHappened:
      'There is more or larger evidence than the limits allow to be read, and what was read does not suffice.',
    whyItMatters:
      'The right signature may be among what was not read; flooding a registry must not decide the answer.',
    whatToDo:
      'Remove superfluous evidence, and find out who wrote it. Where the detail speaks of tags, name one of them.',
  },
  'entity-unknown': {
    status: 'could-not-check',
    foundBy: ['judge'],
    title: 'Whether a rule covers it is not known',
    whatHappened:
      'A rule covers this artifact of some entities, and whether this entity is one of them depends on what is not known of it here.',
    whyItMatters:
      'The rule that is not known to apply may be the strict one. Until that is known, nothing counts as expected.',
    whatToDo:
      'If the entity is very large, shorten it; the log of the backend names those. Else select by kind, name or namespace, or by reference. ct asks no catalog: give it the entity with --entity.',
  },
  'key-unknown': {
    status: 'unknown-authority',
    foundBy: ['signature'],
    title: 'Signed with an unknown key',
    whatHappened:
      'The evidence is signed with a public key, and no key that a trust policy names fits the signature.',
    whyItMatters:
      'Anyone can make a key and sign with it. A key says who signed only where somebody wrote down whose it is.',
    whatToDo:
      'If the key is yours, add it to a trust policy as an authority with key. If it was replaced, sign again with the new one. If neither, treat the evidence as forged.',
  },
  'authority-withdrawn': {
    status: 'unknown-authority',
    foundBy: ['judge'],
    title: 'The authority was withdrawn',
    whatHappened:
      'The evidence held before. The authority, log or key it rests on has since been taken out of the trusted root.',
    whyItMatters:
      'An authority is usually taken out because it can no longer be relied on; what it vouched for then may have been made by somebody else.',
    whatToDo:
      'Ask whoever keeps the trusted root why it was taken out. If that was meant, rebuild and sign; if it was lost by mistake, put it back.',
  },
  'signer-distrusted': {
    status: 'unexpected-signer',
    foundBy: ['judge'],
    title: 'Trust in the signer was withdrawn',
    whatHappened:
      'The signature is genuine, but a Distrust document withdraws trust from its trusted root, identity, key, commit or bundle.',
    whyItMatters:
      'Trust is withdrawn when an identity or a key may be in other hands. A genuine signature of it then proves nothing.',
    whatToDo:
      'Do not roll it out. Rebuild from reviewed sources and sign with an identity or key that is still trusted; the detail gives the reason.',
  },
  'signed-outside-window': {
    status: 'unexpected-signer',
    foundBy: ['judge'],
    title: 'Signed outside the time the rule allows',
    whatHappened:
      'The signer is allowed, but not at the time at which this signature was made.',
    whyItMatters:
      'Rules that are bound in time keep signers that were replaced from coming back.',
    whatToDo:
      'Rebuild and sign with the signer that is allowed now. If this one still should sign, correct the time in the rule.',
  },
  'builder-mismatch': {
    status: 'evidence-mismatch',
    foundBy: ['judge'],
    title: 'The provenance names another builder',
    whatHappened:
      'The provenance says that one builder made the artifact; the certificate it is signed with was issued to another.',
    whyItMatters:
      'Whoever signed claims a build that was not theirs. What the provenance says about sources cannot be relied on.',
    whatToDo:
      'Do not roll it out. Find out which workflow wrote this provenance, and why it names another builder.',
  },
  'signature-missing': {
    status: 'evidence-incomplete',
    foundBy: ['judge'],
    title: 'Attested, but not signed',
    whatHappened:
      'The expected signer made statements about the artifact. The rule also asks for a signature over the artifact itself, and there is none by that signer.',
    whyItMatters:
      'A step of the release that the rule counts on did not run, or its result was lost.',
    whatToDo:
      'Add the signing step to the pipeline and run it again, or change the rule to require attestations only.',
  },
  'evidence-elsewhere': {
    status: 'evidence-incomplete',
    foundBy: ['judge'],
    title: 'The evidence is stored in another place',
    whatHappened:
      'Evidence that would satisfy the rule exists, but in none of the places where the rule wants it stored.',
    whyItMatters:
      'Where evidence is kept decides who can remove it, and whether others who check find it.',
    whatToDo:
      'Store the bundle in one of the places that the rule names, or correct the rule.',
  },
  'evidence-gone': {
    status: 'signature-lost',
    foundBy: ['judge'],
    title: 'The signature disappeared',
    whatHappened:
      'Evidence for this very artifact was here and satisfied the rule. Every source answered, and none has it any more.',
    whyItMatters:
      'Signatures do not disappear by themselves: a clean-up took them, or somebody replaced what is stored.',
    whatToDo:
      'Find out what removed it, and restore it. Where the page still offers the bundle for download, attach that one; do not simply sign again.',
  },
  'weaker-than-before': {
    status: 'signature-lost',
    foundBy: ['judge'],
    title: 'An earlier version had stronger evidence',
    whatHappened:
      'An earlier artifact under the same name was signed as expected, with evidence that this one lacks.',
    whyItMatters:
      'A release that comes without what its predecessors had is how somebody who took over an account publishes.',
    whatToDo:
      'Before it is rolled out, confirm with the owner how this version was released. If it was meant, run the release again with its signing step.',
  },
  'result-too-old': {
    status: 'stale',
    foundBy: ['judge'],
    title: 'Not checked for longer than the rule allows',
    whatHappened:
      'All sources answered last longer ago than the rule allows, and what was known then was as expected.',
    whyItMatters:
      'What was true then may not be now: evidence can be removed and trust withdrawn.',
    whatToDo:
      'Ask for a check. If it stays so, find out which source does not answer, or why the backend does not work through its queue.',
  },
  'verification-outdated': {
    status: 'stale',
    foundBy: ['judge'],
    title: 'Not verified again since trust changed',
    whatHappened:
      'A trusted root, a key or the verification itself changed, and the evidence was not yet verified under the new one.',
    whyItMatters:
      'Results from before the change support no answer, neither a good nor a bad one.',
    whatToDo:
      'Wait a moment: stored evidence is verified again in the background, without asking any source. If it stays so, look into the log of the backend.',
  },
  'exception-in-force': {
    status: 'exempt',
    foundBy: ['judge'],
    title: 'An exception covers it',
    whatHappened:
      'The rule is not satisfied. A dated exception with an owner and a reason covers that.',
    whyItMatters:
      'Somebody decided to accept this until a certain day. It does not count as expected.',
    whatToDo:
      'Nothing before that day. Until then, have it signed, or ask the owner of the exception.',
  },
  'running-unknown': {
    status: 'could-not-check',
    foundBy: ['discover'],
    title: 'It is not known what runs',
    whatHappened:
      'An observer of what runs, such as Kubernetes or Argo CD, gave no full answer, or could not name by its digest what it sees.',
    whyItMatters:
      'Something may run there that nobody signed. What is shown beside it was seen earlier, and says nothing of what runs there now.',
    whatToDo:
      'The cause beside it says which: let the account that is used list pods or read applications, allow the host, or correct the annotation of the entity. A place that no longer exists belongs into sigstore.discover.running.retiredPlaces. An image that was loaded into a node has no digest to check: have it pulled from a registry.',
  },
  'finding-of-later-release': {
    status: 'could-not-check',
    foundBy: ['discover', 'resolve', 'collect', 'verify', 'judge'],
    title: 'A finding of a later release',
    whatHappened:
      'The backend names a finding that whoever shows it does not know, because the backend is of a later release.',
    whyItMatters:
      'What it means cannot be told here. The status beside it counts: that is what the backend decided.',
    whatToDo:
      'Bring the frontend plugin, or the program that asks, to the release of the backend; until then look up the code named beside it in the documentation of that release.',
  },
  'not-checked-yet': {
    status: 'pending',
    foundBy: ['discover'],
    title: 'Not checked yet',
    whatHappened: 'The first check of this artifact is queued.',
    whyItMatters: 'Nothing is known yet.',
    whatToDo: 'Wait a moment; the page updates itself.',
  },
} as const satisfies Record<string, FindingDescription>;

/** @public */
export type FindingCode = keyof typeof FINDINGS;

/** @public */
export const FINDING_CODES = Object.keys(FINDINGS) as FindingCode[];

/** @public */
export const findingCodeSchema = z.enum(
  FINDING_CODES as [FindingCode, ...FindingCode[]],
);

/**
 * One failed check: its code, what exactly was seen, and what was expected
 * beside what was found. `detail` and `found` may hold text out of evidence:
 * show them as text only.
 *
 * @public
 */
export const findingSchema = z.object({
  code: findingCodeSchema,
  detail: z.string().optional(),
  comparisons: z
    .array(
      z.object({
        aspect: z.string(),
        found: z.string(),
        expected: z.string(),
      }),
    )
    .optional(),
  /** The exception, where the code is `exception-in-force`. */
  exception: z
    .object({
      policy: z.string(),
      /** The last day it applies, in UTC. */
      until: z.iso.date(),
      owner: z.string(),
      reason: z.string(),
    })
    .optional(),
});

/** @public */
export type Finding = z.infer<typeof findingSchema>;

/**
 * Words for a finding code, and the status it leads to.
 *
 * @public
 */
export function describeFinding(code: FindingCode): FindingDescription {
  return FINDINGS[code];
}

/**
 * The status that a finding leads to. Total: every code has one.
 *
 * @public
 */
export function statusOfFinding(code: FindingCode): ArtifactStatus {
  return FINDINGS[code].status;
}
