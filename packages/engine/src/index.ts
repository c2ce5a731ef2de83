/**
 * Finds out who signed what: resolves references to digests, collects the
 * evidence there is, verifies it and judges whether the signer may sign.
 *
 * @packageDocumentation
 */
export * from './collect';
export * from './judge';
export * from './outbound';
export * from './resolve';
export * from './transparency';
export * from './tuf';
export * from './verify';
