import { VerificationError } from '@sigstore/verify';
import { FailedCheck } from './FailedCheck';
import { UnreadForm } from './UnreadForm';
import { envelopeOf, readCheckpoint } from './checkpoint';
import { comparisonsOf, probeBinding, probeInclusion } from './libraryProbe';
import { KNOWN_KINDS, kindInEntry, signerInEntry } from './logEntryBody';
import { KnownLog, findLog } from './logs';
import { BundleLogEntry, Reading, logEntriesOf } from './reading';
import { ClaimedTime } from './timestamps';

/**
 * Checks that every log entry is proved to be in a log of the trusted root, and
 * that there are entries in as many distinct logs as the root asks for.
 *
 * @returns `not-applicable` when there is none and none is asked for
 * @throws FailedCheck
 */
export function checkLogInclusion(
  reading: Reading,
  times: ClaimedTime[],
): 'not-applicable' | void {
  const { bundle, profile } = reading;
  const entries = logEntriesOf(bundle);
  const needed = profile.thresholds.transparencyLog;
  if (entries.length === 0 && needed === 0) return 'not-applicable';
  for (const entry of entries) checkEntry(reading, entry, times);
  const logs = new Set(entries.map(({ logId }) => logId.keyId.toString('hex')));
  if (logs.size < needed) {
    throw new FailedCheck(
      'log-entry-missing',
      `entries in ${logs.size} of ${needed} transparency logs`,
    );
  }
  return undefined;
}

function checkEntry(
  { key, profile, passedByLibrary }: Reading,
  entry: BundleLogEntry,
  times: ClaimedTime[],
) {
  requireNumbers(entry);
  const log = findLog(profile, entry);
  if (!log) {
    throw new FailedCheck(
      'log-untrusted',
      `the log ${entry.logId.keyId.toString(
        'hex',
      )} is not in the trusted root "${profile.name}"`,
    );
  }
  const objection = passedByLibrary
    ? undefined
    : probeInclusion(profile.material.trust, key, entry);
  if (objection && !isAboutBody(objection)) {
    throw (
      headOfAnotherLog(log, entry) ??
      new FailedCheck('log-proof-invalid', `log ${log.name}`)
    );
  }
  checkHead(log, entry);
  for (const { time } of times) {
    if (time < log.start || time > log.end) {
      throw new FailedCheck(
        'log-untrusted',
        `the trusted root trusts the log ${log.name} only for another time than that of signing`,
      );
    }
  }
}

/**
 * Indexes and times must be written as plain decimals, and such that a signed
 * entry timestamp, which signs JSON numbers, covers exactly what is shown.
 */
function requireNumbers(entry: BundleLogEntry) {
  const { inclusionPromise, inclusionProof, integratedTime, logIndex } = entry;
  const written = [
    logIndex,
    ...(inclusionProof ? [inclusionProof.logIndex] : []),
    ...(inclusionPromise ? [integratedTime] : []),
  ];
  const signed = inclusionPromise ? [logIndex, integratedTime] : [];
  if (
    !written.every(text => /^(0|[1-9][0-9]*)$/.test(text)) ||
    !signed.every(text => Number.isSafeInteger(Number(text)))
  ) {
    throw new FailedCheck(
      'evidence-malformed',
      'a number in the log entry is unreadable',
    );
  }
}

/** A checkpoint speaks for the log it names, and for one tree of it. */
function checkHead(log: KnownLog, entry: BundleLogEntry) {
  const envelope = envelopeOf(entry);
  if (envelope === undefined) return;
  const { treeSize, rootHash } = readCheckpoint(envelope);
  const other = headOfAnotherLog(log, entry);
  if (other) throw other;
  requireSameTree(entry, { treeSize, rootHash });
}

/**
 * The origin of a checkpoint must be the one that the trusted root gives its
 * log. Rekor's first version appends the number of its tree.
 */
function headOfAnotherLog(
  log: KnownLog,
  entry: BundleLogEntry,
): FailedCheck | undefined {
  const [origin] = envelopeOf(entry)?.split('\n') ?? [];
  if (origin === undefined) return undefined;
  const [name, tree, ...rest] = origin.split(' - ');
  const isOfThisLog =
    name === log.origin &&
    rest.length === 0 &&
    (tree === undefined || /^[0-9]+$/.test(tree));
  return isOfThisLog
    ? undefined
    : new FailedCheck(
        'log-proof-invalid',
        'the log head does not go by the name of the log in the trusted root',
        [{ aspect: 'log', found: origin, expected: log.origin }],
      );
}

/**
 * The proof repeats the size and root of the tree whose head it leads to. The
 * library does not look at them; what contradicts itself does not hold.
 */
function requireSameTree(
  { inclusionProof }: BundleLogEntry,
  head: { treeSize: string; rootHash: string },
) {
  const isSameTree =
    inclusionProof?.treeSize === head.treeSize &&
    inclusionProof.rootHash.toString('base64') === head.rootHash;
  if (!isSameTree) {
    throw new FailedCheck(
      'log-proof-invalid',
      'the inclusion proof is about another tree than the log head',
    );
  }
}

/**
 * What an entry of another kind says about a signature is not known here; such
 * entries are real, so that they are no contradiction.
 */
function requireKnownKind(entry: BundleLogEntry) {
  const kind = kindInEntry(entry);
  if (kind === undefined || KNOWN_KINDS.has(kind)) return;
  throw new FailedCheck(
    'format-unsupported',
    `a log entry of the kind ${kind.slice(0, 64)}`,
  );
}

/**
 * Checks that every log entry names the digest, signature and certificate of
 * the bundle, or its key where it has no certificate.
 *
 * @returns `not-applicable` without log entries; the form of an entry that the
 *   library refuses although it is about the signature
 * @throws FailedCheck
 */
export function checkLogEntryBinding(
  reading: Reading,
): 'not-applicable' | UnreadForm | void {
  const entries = logEntriesOf(reading.bundle);
  if (entries.length === 0) return 'not-applicable';
  const forms: string[] = [];
  for (const entry of entries) {
    requireKnownKind(entry);
    if (!reading.passedByLibrary) forms.push(...bindEntry(reading, entry));
    requireSameParty(reading, entry);
  }
  return forms.length > 0 ? new UnreadForm(forms[0]) : undefined;
}

/** Gives back the form of an entry that the library refuses. */
function bindEntry(
  { key, profile, signature }: Reading,
  entry: BundleLogEntry,
): string[] {
  const { content } = signature;
  const { trust } = profile.material;
  const forms: string[] = [];
  const objection = probeBinding(trust, key, entry, {
    ...comparisonsOf(content),
    compareSignedDigest(digest) {
      const form = signature.unreadDigest(digest);
      if (form) forms.push(form);
      return form !== undefined || content.compareSignedDigest(digest);
    },
  });
  if (objection) throw bindingFailure(objection);
  return forms;
}

/**
 * The library compares signature and digest, but not whose they are: one
 * signature can be logged with many certificates for the same key.
 */
function requireSameParty({ party }: Reading, entry: BundleLogEntry) {
  const logged = signerInEntry(entry);
  const isSame = party.certificate
    ? logged.certificate?.equals(party.certificate.der)
    : logged.key?.equals(party.trustedKey.der);
  if (isSame) return;
  throw new FailedCheck(
    'log-entry-mismatch',
    `the log entry names another ${
      party.certificate ? 'certificate' : 'key'
    } than the evidence`,
  );
}

function bindingFailure(objection: unknown): FailedCheck {
  const message = isAboutBody(objection) ? objection.message : 'unreadable';
  return new FailedCheck('log-entry-mismatch', `log entry: ${message}`);
}

function isAboutBody(objection: unknown): objection is VerificationError {
  return (
    objection instanceof VerificationError &&
    objection.code === 'TLOG_BODY_ERROR'
  );
}
