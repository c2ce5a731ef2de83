import {
  artifactDetailSchema,
  entityReportSchema,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { detailOf } from '../dev/fixtures/details';
import { reports } from '../dev/fixtures/reports';
import { allArtifacts } from './words/worst';

describe('fixtures', () => {
  it.each(reports)('are what the API returns: $entityRef', report => {
    expect(entityReportSchema.parse(report)).toEqual(report);
    for (const artifact of allArtifacts(report)) {
      const detail = detailOf(artifact);
      expect(artifactDetailSchema.parse(detail)).toEqual(detail);
    }
  });
});
