export const provenanceMessages = { title: 'Provenance' } as const;
