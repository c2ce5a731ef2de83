import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';

// Stand for the wildcards while the rest is read as a reference.
const MANY = 'wildcards0';
const ONE = 'wildcard0';

/**
 * The canonical form of a glob for references. References are compared in
 * theirs: a glob in another form would cover nothing, and nobody would notice.
 *
 * @returns the glob itself where it is canonical, or cannot be read as a
 *   reference with wildcards
 * @public
 */
export function canonicalGlob(glob: string): string {
  const canonical = [`${MANY}/${MANY}`, MANY].flatMap(
    many => canonicalWith(glob, many) ?? [],
  );
  return canonical.length === 0 || canonical.includes(glob)
    ? glob
    : canonical[0];
}

/** With `**` standing for some text in particular. */
function canonicalWith(glob: string, many: string): string | undefined {
  const isFile = /^(?:https|s3|file):/.test(glob);
  const at = isFile ? -1 : glob.indexOf('@');
  const name = at < 0 ? glob : glob.slice(0, at);
  const digest = at < 0 ? '' : glob.slice(at);
  const result = parseReference(
    name.replaceAll('**', many).replaceAll('*', ONE),
  );
  if (!result.ok) return undefined;
  // Only references have the tag that was left out.
  const canonical = name.endsWith(':latest')
    ? result.canonical
    : result.canonical.replace(/:latest$/, '');
  return `${canonical.replaceAll(many, '**').replaceAll(ONE, '*')}${digest}`;
}
