/**
 * The same as the main entry point, for apps that look for the new frontend
 * system here.
 *
 * @packageDocumentation
 */
export { sigstorePlugin as default } from './plugin';
export { sigstoreTranslationRef } from './translation';
