export function ProvenanceTab() {
  return null;
}
