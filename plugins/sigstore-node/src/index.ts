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
export {
  sigstoreEvidenceSourcesExtensionPoint,
  sigstoreReferenceSourcesExtensionPoint,
} from './extensionPoints';
export type {
  EvidenceSourcesExtensionPoint,
  ReferenceSourcesExtensionPoint,
} from './extensionPoints';
export type {
  EvidenceAnswer,
  EvidenceQuestion,
  ModuleEvidenceSource,
} from './ModuleEvidenceSource';
export { namesLabelValues } from './labelSelector';
export type { MappedReference, ReferenceSource } from './ReferenceSource';
export { sigstoreRunningArtifactsExtensionPoint } from './runningArtifactsExtensionPoint';
export type { RunningArtifactsExtensionPoint } from './runningArtifactsExtensionPoint';
export type {
  RunningAnswer,
  RunningArtifact,
  RunningArtifactsSource,
} from './RunningArtifactsSource';
