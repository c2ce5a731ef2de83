/**
 * The mutants that no test killed, beside those that are known to change
 * nothing.
 *
 * @param report - of Stryker, as JSON
 * @param equivalent - entries of equivalent.json
 * @returns `survived`: mutants that nobody explained; `listed`: how many are
 *   explained; `stale`: entries to which no mutant belongs any more; `killed`
 */
export function compareMutants(report, equivalent) {
  const open = new Map();
  for (const entry of equivalent) {
    const key = keyOf(entry);
    open.set(key, [...(open.get(key) ?? []), entry]);
  }
  const files = new Set(Object.keys(report.files));
  const survived = [];
  let listed = 0;
  let killed = 0;
  for (const [file, { source, mutants }] of Object.entries(report.files)) {
    const lines = source.split('\n');
    for (const mutant of mutants) {
      if (mutant.status === 'Killed' || mutant.status === 'Timeout') killed++;
      if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') {
        continue;
      }
      const found = describe(file, mutant, lines);
      const explained = open.get(keyOf(found))?.shift();
      if (explained) listed++;
      else survived.push({ ...found, line: mutant.location.start.line });
    }
  }
  const stale = [...open.values()].flat().filter(({ file }) => files.has(file));
  return { survived, listed, stale, killed };
}

/** A mutant by what it changes, not by a line number, which moves. */
function describe(file, { mutatorName, replacement, location }, lines) {
  const { start, end } = location;
  const text = lines.slice(start.line - 1, end.line);
  text[text.length - 1] = text[text.length - 1].slice(0, end.column - 1);
  text[0] = text[0].slice(start.column - 1);
  return {
    file,
    mutator: mutatorName,
    source: text.join('\n').replace(/\s+/g, ' '),
    replacement: replacement.replace(/\s+/g, ' '),
  };
}

function keyOf({ file, mutator, source, replacement }) {
  return JSON.stringify([file, mutator, source, replacement]);
}
