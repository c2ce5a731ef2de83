import { Verification } from '@cloudythings/backstage-plugin-sigstore-common';

/**
 * The part of a verification that judging reads, to be stored beside the whole:
 * certificates, log entries and most of a statement are for people, and reading
 * them for every artifact takes longer than judging. Of a statement stays who
 * says to have built it.
 */
export function judgingForm(verification: Verification): Verification {
  const { facts, checks } = verification;
  return {
    ...verification,
    checks: checks.map(({ name, outcome }) => ({ name, outcome })),
    ...(facts
      ? {
          facts: {
            signer: facts.signer,
            times: facts.times,
            logEntries: [],
            content: {
              ...facts.content,
              statement: builderOf(facts.content.statement),
            },
          },
        }
      : {}),
  };
}

type Provenance = {
  predicate?: {
    builder?: { id?: unknown };
    runDetails?: { builder?: { id?: unknown } };
  };
};

function builderOf(statement: unknown): Provenance | undefined {
  if (typeof statement !== 'object' || statement === null) return undefined;
  const { builder, runDetails } = (statement as Provenance).predicate ?? {};
  return {
    predicate: {
      ...(builder ? { builder: { id: builder.id } } : {}),
      ...(runDetails
        ? { runDetails: { builder: { id: runDetails.builder?.id } } }
        : {}),
    },
  };
}
