export { bundleStore } from './bundleStore';
export { builtInSources, collectEvidence } from './collectEvidence';
export { documentSource } from './documentSource';
export type { DocumentSourceOptions, FoundDocuments } from './documentSource';
export { EVIDENCE_SIMPLE_SIGNING } from './evidence';
export type {
  CollectedEvidence,
  CollectResult,
  CollectTarget,
  EvidenceSource,
  StoredEvidence,
} from './evidence';
export type { GithubInstance } from './github/GithubInstance';
export { githubSource } from './github/githubSource';
export { rekorSource } from './rekor/rekorSource';
export type { RekorSourceOptions } from './rekor/rekorSource';
export type { SignatureRepository } from './ociPlaces';
export { ociSources } from './ociSources';
export { placeOfSource } from './sourceNames';
