// A requirement ends at a comma that is not inside the list of a set.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
const REQUIREMENT = /(?:\([^()]*\)|[^,()])+/g;
const EQUALITY = /^[^\s!=]+\s*={1,2}\s*[^\s!=]+$/;
const MEMBERSHIP = /^[^\s!=()]+\s+in\s*\([^()]*[^\s,()][^()]*\)$/;

/**
 * Whether a label selector names values that something must have, and not only
 * what it must not have, or that it has a label at all. An entity that could ask
 * for everything would be a window onto everything.
 *
 * @param selector - as `kubectl -l` takes it
 *
 * @public
 */
export function namesLabelValues(selector: string): boolean {
  return (selector.match(REQUIREMENT) ?? [])
    .map(requirement => requirement.trim())
    .some(
      requirement => EQUALITY.test(requirement) || MEMBERSHIP.test(requirement),
    );
}
