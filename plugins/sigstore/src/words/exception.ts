import {
  ArtifactReport,
  Finding,
} from '@cloudythings/backstage-plugin-sigstore-common';

/** What an exception says: until when, by whom and why. */
export type Exception = NonNullable<Finding['exception']>;

/** The exception that covers an artifact; of several, the first to end. */
export function exceptionOf({
  findings,
}: Pick<ArtifactReport, 'findings'>): Exception | undefined {
  return findings
    .flatMap(({ exception }) => exception ?? [])
    .sort((a, b) => (a.until < b.until ? -1 : 1))[0];
}
