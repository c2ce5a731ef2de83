import path from 'node:path';
import { root } from '../runner/paths.mjs';
import { exampleReport, findingExamples } from './findingExamples.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

const load = file => loadTypeScript(path.join(root, file));
const { reproduce } = load('plugins/sigstore-backend/src/api/commands.ts');
const { exitCodeOf } = load('packages/ct/src/exitCodes.ts');
const { provenanceMessages } = load(
  'plugins/sigstore/src/provenance/messages.ts',
);

const roots = [
  {
    name: 'public-good',
    thresholds: {
      transparencyLog: 1,
      certificateTransparency: 1,
      timestamps: 1,
    },
  },
];

/** What the steps before and after verification are, and where they are told. */
const steps = {
  discover:
    'when reading the catalog ([discover](../how-it-works.md#what-this-project-does-with-it))',
  resolve:
    'when asking which digest the reference leads to ([resolve](../how-it-works.md#what-this-project-does-with-it))',
  collect:
    'when asking which evidence there is ([collect](../how-it-works.md#what-this-project-does-with-it))',
  verify:
    'by whichever check of [verification](../verification.md#the-checks) cannot read its part',
  judge:
    'when comparing what was verified with the [trust policies](../trust-policy.md)',
};

/** The page of one finding: what it means, what it looks like, what repeats it. */
export function findingPage(code, words, { describeStatus }) {
  const { example, remark } = findingExamples[code];
  return `# ${words.title}

Finding \`${code}\`. Where it decides, the status is [${
    describeStatus(words.status).label
  }](../statuses.md), and \`ct verify artifact\` ends with exit code ${exitCodeOf(
    words.status,
  )}.

## What happened

${words.whatHappened}

## Why it matters

${words.whyItMatters}

## What to do

${words.whatToDo}

## Where it is found

${words.foundBy.map(place => `- ${placeWords(place)}`).join('\n')}
${exampleSection(example)}
## Check it yourself

${commandSection(code)}
${remark ? `\n${remark}\n` : ''}`;
}

function placeWords(place) {
  if (steps[place]) return steps[place];
  const check = provenanceMessages.checks.name[place];
  return `by the check “${check}” of [verification](../verification.md#${place})`;
}

function exampleSection({ detail, comparisons = [] }) {
  if (!detail && comparisons.length === 0) return '';
  const rows = comparisons.map(
    ({ aspect, found, expected }) =>
      `| ${aspect} | \`${found}\` | \`${expected}\` |`,
  );
  return `
## Example

${detail ? `> ${detail}\n\n` : ''}${
    rows.length > 0
      ? `| what | found | expected |\n| --- | --- | --- |\n${rows.join('\n')}\n`
      : ''
  }`;
}

function commandSection(code) {
  const commands = commandsFor(findingExamples[code]);
  return `For an image whose rule expects the release workflow of its repository:

${commands.map(command => `\`\`\`sh\n${command}\n\`\`\``).join('\n\n')}`;
}

function commandsFor({ asks = {}, by = 'digest', written, entity }) {
  const [expected] = exampleReport.expected;
  const report = { ...exampleReport, expected: [{ ...expected, ...asks }] };
  const commands = reproduce(report, { roots, timestamped: false });
  const byDigest = `ghcr.io/acme/checkout@${exampleReport.digest}`;
  return commands.map(({ tool, command }) => {
    if (by === 'policy' && tool === 'ct') return withPolicies(byDigest, entity);
    return by === 'tag'
      ? command.replace(byDigest, written ?? exampleReport.reference)
      : command;
  });
}

/** With policies there is no signer to name, but an entity's repository. */
function withPolicies(image, entity) {
  return [
    'ct verify artifact',
    '--policy=./trust-policies',
    "--entity-repository='acme/checkout'",
    ...(entity ? [`--entity=${entity}`] : []),
    `-- '${image}'`,
  ].join(' \\\n  ');
}
