import path from 'node:path';
import prettier from 'prettier';
import { root } from '../runner/paths.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

const source = 'plugins/sigstore-common/src';

/**
 * The pages of `docs` that are made from the words the plugins themselves show:
 * one for each finding code, a list of them, and the statuses.
 *
 * @returns text by path below the repository, formatted
 */
export function generatedPages() {
  const findings = loadTypeScript(path.join(root, source, 'findings.ts'));
  const statuses = loadTypeScript(path.join(root, source, 'statuses.ts'));
  const pages = new Map();
  for (const code of findings.FINDING_CODES) {
    pages.set(
      `docs/findings/${code}.md`,
      findingPage(code, findings.describeFinding(code), statuses),
    );
  }
  pages.set('docs/findings/README.md', listOfFindings(findings, statuses));
  pages.set('docs/statuses.md', listOfStatuses(statuses));
  for (const [page, text] of pages) pages.set(page, format(page, text));
  return pages;
}

const note =
  '<!-- Made by `npm run yarn -- docs:findings` from plugins/sigstore-common/src. -->';

function findingPage(code, words, { describeStatus }) {
  return `${note}

# ${words.title}

Finding \`${code}\`. Where it decides, the status is [${
    describeStatus(words.status).label
  }](../statuses.md).

## What happened

${words.whatHappened}

## Why it matters

${words.whyItMatters}

## What to do

${words.whatToDo}
`;
}

function listOfFindings({ FINDING_CODES, describeFinding }, statuses) {
  const rows = FINDING_CODES.map(code => {
    const { title, status } = describeFinding(code);
    const { label } = statuses.describeStatus(status);
    return `| [\`${code}\`](${code}.md) | ${title} | ${label} |`;
  });
  return `${note}

# Findings

A finding is a check that failed. Its code never changes its meaning, so that alerts and searches can be built on it. Each leads to one [status](../statuses.md).

| code | in words | status where it decides |
| --- | --- | --- |
${rows.join('\n')}
`;
}

function listOfStatuses({ ENTITY_STATUSES, describeStatus }) {
  const rows = ENTITY_STATUSES.map(status => {
    const { label, meaning, tone } = describeStatus(status);
    return `| \`${status}\` | ${label} | ${tone} | ${meaning} |`;
  });
  return `${note}

# Statuses

Worst first. The status of an entity is that of its worst artifact in this order; the order is part of the public contract. What depends on this project's answer should look at [findings](findings/README.md), not at the roll-up.

| status | shown as | colour | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

A policy with \`mode: warn\` shows amber instead of red. Where a policy with \`mode: enforce\` covers an artifact without a signature, that is red. A colour never stands alone: every status has an icon and a label of its own.

\`signature-lost\`, \`stale\` and \`exempt\` are words of the contract that nothing gives yet: they need a memory of what was signed before, ages and exceptions, which trust policies cannot ask for in this version.
`;
}

function format(page, text) {
  const file = path.join(root, page);
  return prettier.format(text, {
    ...prettier.resolveConfig.sync(file),
    filepath: file,
  });
}
