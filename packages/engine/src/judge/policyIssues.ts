import { z } from 'zod/v4';

type Issue = z.core.$ZodIssue;

/**
 * Says what is wrong with a policy document: which field, and what to do.
 *
 * @param issue - of the policy schema
 * @param content - the document
 */
export function describeIssue(
  issue: Issue,
  content: unknown,
): { path: PropertyKey[]; problem: string } {
  const field = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const path = [...issue.path, key];
    return {
      path,
      problem: `${path.join(
        '.',
      )}: this field is not known. Correct its name or remove it; a rule that says more than is checked would mislead.`,
    };
  }
  const last = issue.path[issue.path.length - 1];
  if (last === 'issuer' && valueAt(content, issue.path) === undefined) {
    return {
      path: issue.path,
      problem: `${field}: an identity needs its issuer, because the same identity exists under many. Add issuer: with the URL of the identity provider.`,
    };
  }
  if (valueAt(content, issue.path) === undefined && issue.path.length > 0) {
    return {
      path: issue.path,
      problem: `${field}: this field is missing. Add it.`,
    };
  }
  return {
    path: issue.path,
    problem: `${field || 'the document'}: ${
      issue.message
    }. Correct it as docs/trust-policy.md describes.`,
  };
}

function valueAt(content: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    content,
  );
}
