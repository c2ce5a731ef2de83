import { Sound } from './evidenceAtHand';
import { Authority, Rule, isSignature, states } from './rule';
import { isInside } from './signingWindow';

/** What an authority asks for and its evidence does not have. */
export type Lack = { predicateTypes: string[]; signature: boolean };

/**
 * The evidence by which a rule is satisfied: that of one authority which is
 * satisfied whole, each statement signed by that very authority.
 */
export function satisfiedBy(
  rule: Rule,
  sound: readonly Sound[],
): Sound | undefined {
  for (const authority of rule.authorities) {
    const counting = ownOf(authority, sound).filter(({ facts }) =>
      isInside(facts, authority.window),
    );
    if (counting.length > 0 && sizeOf(lackOf(authority, counting)) === 0) {
      return counting[0];
    }
  }
  return undefined;
}

/** The evidence that an authority made. */
export function ownOf(authority: Authority, sound: readonly Sound[]): Sound[] {
  return sound.filter(({ facts }) => authority.allows(facts.signer));
}

/** What an authority asks for that is not among its evidence. */
export function lackOf(authority: Authority, own: readonly Sound[]): Lack {
  return {
    predicateTypes: authority.predicateTypes.filter(
      type =>
        !own.some(
          ({ facts, mismatch }) =>
            mismatch === undefined && states(facts, type),
        ),
    ),
    signature:
      authority.withSignature && !own.some(({ facts }) => isSignature(facts)),
  };
}

/** How much is lacking: nothing where an authority is satisfied whole. */
export function sizeOf({ predicateTypes, signature }: Lack): number {
  return predicateTypes.length + (signature ? 1 : 0);
}

/** Whether evidence is stored where a rule wants it stored. */
export function isPlaced({ places }: Rule, sound: Sound): boolean {
  return (
    places === undefined || sound.places.some(place => places.includes(place))
  );
}
