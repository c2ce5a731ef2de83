/**
 * Keeps props that only style something from reaching the page's elements.
 * `as` and `sx` belong to styling too, and are lost as soon as a list of one's
 * own is given.
 *
 * @param names - the styling props of the component
 */
export function ownProps(...names: string[]) {
  const kept = new Set<PropertyKey>([...names, 'as', 'sx', 'theme']);
  return { shouldForwardProp: (prop: PropertyKey) => !kept.has(prop) };
}
