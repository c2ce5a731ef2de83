const shorten = (text, width) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

const columns = [
  ['', row => (row.agrees ? '✓' : '✗')],
  ['entity', row => row.entity],
  ['artifact', row => `${row.kind} ${row.reference}`.trim()],
  ['status', row => row.found.status],
  ['finding', row => row.found.findings.join(' ') || '–'],
  ['signer', row => row.found.signer ?? '–'],
];

/** The rows of a check as an aligned table. */
export function formatTable(rows, maxWidth = 64) {
  const cells = [
    columns.map(([title]) => title),
    ...rows.map(row =>
      columns.map(([, value]) => shorten(value(row), maxWidth)),
    ),
  ];
  const widths = columns.map((_, i) =>
    Math.max(...cells.map(line => line[i].length)),
  );
  return cells
    .map(line => line.map((cell, i) => cell.padEnd(widths[i])).join('  '))
    .map(line => line.trimEnd())
    .join('\n');
}

/** One sentence per row that is not as expected. */
export function formatDisagreements(rows) {
  const words = ({ status, findings, signer }) =>
    [status, ...findings, signer].filter(Boolean).join(', ');
  return rows
    .filter(row => !row.agrees)
    .map(row => {
      const name = `${row.entity} ${row.kind} ${row.reference}`.trimEnd();
      return `✗ ${name}: expected ${words(row.expected)}; found ${words(
        row.found,
      )}`;
    })
    .join('\n');
}
