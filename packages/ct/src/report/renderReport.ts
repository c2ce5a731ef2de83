import { Style, TextPage } from './TextPage';
import type { ExplainedFinding, Report } from './reportSchema';

type Verification = Report['evidence'][number]['verifications'][number];

/**
 * Writes a report for people: what is expected, what was asked and checked, in
 * order, and what it comes to; where that is nothing good, what to do.
 */
export function renderReport(report: Report, coloured: boolean): string {
  const page = new TextPage(coloured);
  writePolicy(page, report);
  writeArtifact(page, report);
  report.evidence.forEach(evidence => writeEvidence(page, evidence));
  writeVerdict(page, report);
  return page.toString();
}

function writePolicy(page: TextPage, { policy, findings }: Report): void {
  const from = {
    policies: 'from policies',
    flags: 'from flags',
    'same-repository': 'built in',
  }[policy.origin];
  page.line(`Policy, ${from}: ${policy.digest}`, 0, 'strong');
  policy.words.forEach(({ policy: name, lines }) => {
    page.line(name, 1);
    // Their own indentation is part of how they read.
    lines.forEach(line => {
      const text = line.trimStart();
      page.line(text, 2 + (line.length - text.length) / 2);
    });
  });
  if (findings.some(({ code }) => code === 'entity-unknown')) {
    page.line('Whether all policies were applied is not known.', 1);
  } else if (policy.covering.length === 0) {
    page.line('No policy covers this artifact.', 1);
  }
  if (policy.entity) {
    page.line(`entity ${policy.entity.ref} (${policy.entity.from})`, 1);
  }
  policy.trustedRoots.forEach(({ name, from: origin, digest, thresholds }) => {
    const { transparencyLog, certificateTransparency, timestamps } = thresholds;
    page.line(`trusted root ${name} (${origin}): ${digest}`, 1);
    page.line(
      `asks for ${transparencyLog} log entry, ${certificateTransparency} certificate timestamp, ${timestamps} attested time`,
      2,
      'faint',
    );
  });
  policy.warnings.forEach(warning => page.line(`! ${warning}`, 1, 'amber'));
}

function writeArtifact(page: TextPage, report: Report): void {
  const { artifact, lookups } = report;
  const { given, kind, reference, digest } = artifact;
  page.gap();
  page.line(`Artifact: ${given}`, 0, 'strong');
  if (kind) page.line(`kind ${kind}`, 1);
  if (reference && reference !== given) page.line(`as ${reference}`, 1);
  if (digest && digest !== given) page.line(`digest ${digest}`, 1);
  lookups.forEach(({ source, outcome, cause }) => {
    const mark = { found: '✓', none: '–' }[outcome as string] ?? '?';
    page.line(`${mark} ${source}: ${cause ?? outcome}`, 1);
  });
}

function writeEvidence(
  page: TextPage,
  { digest, mediaType, sources, verifications }: Report['evidence'][number],
): void {
  verifications.forEach(verification => {
    page.gap();
    page.line(
      `Evidence: ${digest}, under ${verification.trustedRoot}`,
      0,
      'strong',
    );
    page.line(`${mediaType}, from ${sources.join(', ')}`, 1, 'faint');
    verification.checks.forEach(check => writeCheck(page, check));
  });
}

function writeCheck(
  page: TextPage,
  { words, outcome, finding }: Verification['checks'][number],
): void {
  const [mark, note, style] = (
    {
      passed: ['✓', '', 'green'],
      failed: ['✗', '', 'red'],
      'not-applicable': ['–', ' (does not apply)', 'faint'],
      'not-reached': ['–', ' (not reached)', 'faint'],
    } satisfies Record<typeof outcome, [string, string, Style]>
  )[outcome];
  page.line(`${mark} ${words}${note}`, 1, style);
  if (finding) {
    page.line(`${finding.title}: ${finding.detail ?? finding.whatHappened}`, 2);
  }
}

function writeVerdict(page: TextPage, report: Report): void {
  const { exitCode, sentence, findings, notices } = report;
  const [mark, style] = (
    { 0: ['✓', 'green'], 1: ['✗', 'red'], 3: ['?', 'amber'] } as const
  )[exitCode];
  page.gap();
  page.line(`${mark} ${sentence}`, 0, style);
  findings.forEach(finding => writeFinding(page, finding));
  notices.forEach(({ title, detail }) =>
    page.line(`Seen besides: ${title}${detail ? `: ${detail}` : ''}`, 1),
  );
}

function writeFinding(page: TextPage, finding: ExplainedFinding): void {
  page.gap();
  page.line(`${finding.title} (${finding.code})`, 1, 'strong');
  page.line(`What happened   ${finding.whatHappened}`, 1);
  if (finding.detail) page.line(`                ${finding.detail}`, 1);
  page.line(`Why it matters  ${finding.whyItMatters}`, 1);
  page.line(`What to do      ${finding.whatToDo}`, 1);
  finding.comparisons?.forEach(({ aspect, found, expected }) => {
    page.line(`expected ${aspect}  ${expected}`, 2, 'green');
    page.line(`found ${aspect}     ${found}`, 2, 'red');
  });
}
