import { TextPage } from '../report/TextPage';
import { safeJson } from '../report/safeText';
import { PolicyLint } from './lintPolicyFiles';

/**
 * Writes down what is to say of policy files, for a person or a program.
 *
 * @param options - `coloured` is for a person who sees colours
 */
export function printPolicyLint(
  lint: PolicyLint,
  options: { output: 'text' | 'json'; coloured: boolean },
): string {
  if (options.output === 'json') return `${safeJson(lint)}\n`;
  const page = new TextPage(options.coloured);
  for (const { place, field, problem } of lint.mistakes) {
    page.line(`${place}: mistake: ${field || 'the document'}`, 0, 'red');
    page.line(problem, 1);
  }
  for (const { place, field, code, message } of lint.warnings) {
    page.line(`${place}: warning: ${field || 'all'} [${code}]`, 0, 'amber');
    page.line(message, 1);
  }
  if (lint.mistakes.length + lint.warnings.length > 0) page.gap();
  page.line(sentenceOf(lint), 0, 'strong');
  if (lint.trustedRoots === undefined) {
    page.line(
      'Whether the trusted roots that they name are configured was not looked at.',
      0,
      'faint',
    );
  }
  return page.toString();
}

function sentenceOf({ files, loaded, mistakes, warnings }: PolicyLint): string {
  const read = counted(files.length, 'file');
  if (!loaded) {
    return `${counted(
      mistakes.length,
      'mistake',
    )} in ${read}: none of the policies would be used.`;
  }
  const { policies, distrusts, digest } = loaded;
  const what = `${counted(policies.length, 'policy', 'policies')} and ${
    distrusts.length
  } Distrust in ${read}, ${digest}`;
  return warnings.length === 0
    ? `${what}: nothing to say.`
    : `${what}: ${counted(warnings.length, 'warning')}.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/**
 * Exit code of linting: 0 where the policies can be used, 1 where they cannot.
 *
 * @param strict - whether warnings count, too
 */
export function exitCodeOfLint(
  { mistakes, warnings }: PolicyLint,
  strict: boolean,
): 0 | 1 {
  return mistakes.length > 0 || (strict && warnings.length > 0) ? 1 : 0;
}
