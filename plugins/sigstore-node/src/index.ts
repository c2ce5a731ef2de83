/**
 * The contract for backend plugins and modules that use signature status.
 *
 * @packageDocumentation
 */
export { sigstoreServiceRef } from './sigstoreServiceRef';
export type {
  SigstoreService,
  SigstoreServiceRequestOptions,
  StatusChanges,
} from './SigstoreService';
