import {
  CatalogModelSources,
  compileCatalogModel,
} from '@backstage/catalog-model/alpha';
import {
  INPUT_ANNOTATIONS,
  STATUS_ANNOTATION,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { sigstoreCatalogModelLayer } from './modelLayer';

describe('sigstoreCatalogModelLayer', () => {
  it('declares every annotation on top of the default model', async () => {
    const source = CatalogModelSources.static([sigstoreCatalogModelLayer]);
    const read = source.read({ signal: new AbortController().signal });
    const { value } = await read.next();
    const model = compileCatalogModel(
      value!.data.map((entry: { layer: any }) => entry.layer),
    );
    const component = model.getKind({
      kind: 'Component',
      apiVersion: 'backstage.io/v1alpha1',
    });
    const declared = JSON.stringify(component?.jsonSchema);
    for (const name of [
      ...Object.values(INPUT_ANNOTATIONS),
      STATUS_ANNOTATION,
    ]) {
      expect(declared).toContain(`"${name}"`);
    }
  });
});
