export type {
  ObjectDescription,
  ObjectLimits,
  ObjectReference,
  ObjectStore,
} from './ObjectStore';
export type { FileRoots, SourcePorts } from './ports';
export { resolveReference } from './resolveReference';
export type { ResolvedArtifact, ResolveResult } from './resolveReference';
