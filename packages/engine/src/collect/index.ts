export { builtInSources, collectEvidence } from './collectEvidence';
export { EVIDENCE_SIMPLE_SIGNING } from './evidence';
export type {
  CollectedEvidence,
  CollectResult,
  CollectTarget,
  EvidenceSource,
} from './evidence';
export { placeOfSource } from './sourceNames';
