/**
 * Shows, for each entity, who signed what it declares, whether that is who
 * should have, and what to do when it isn't.
 *
 * @packageDocumentation
 */
export { sigstorePlugin as default } from './plugin';
export { sigstoreApiRef, type SigstoreApi } from './api/sigstoreApi';
export { sigstoreTranslationRef } from './translation';
