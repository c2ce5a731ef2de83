import path from 'node:path';
import prettier from 'prettier';
import { root } from '../runner/paths.mjs';
import { findingPage } from './findingPage.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';
import { statusesPage } from './statusesPage.mjs';

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
      `${note}\n\n${findingPage(
        code,
        findings.describeFinding(code),
        statuses,
      )}`,
    );
  }
  pages.set('docs/findings/README.md', listOfFindings(findings, statuses));
  pages.set('docs/statuses.md', statusesPage(note, findings, statuses));
  for (const [page, text] of pages) pages.set(page, format(page, text));
  return pages;
}

const note =
  '<!-- Made by `npm run yarn -- docs:findings` from plugins/sigstore-common/src. -->';

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

function format(page, text) {
  const file = path.join(root, page);
  return prettier.format(text, {
    ...prettier.resolveConfig.sync(file),
    filepath: file,
  });
}
