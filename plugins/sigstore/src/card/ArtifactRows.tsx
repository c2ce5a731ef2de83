import { ArtifactReport } from '@cloudythings/backstage-plugin-sigstore-common';
import { PlainList } from '../ui/Layout';
import { PanelSection } from '../ui/Panel';
import { worstFirst } from '../words/worst';
import { ArtifactRow } from './ArtifactRow';
import { GreenRows } from './GreenRows';

/** Greens up to this many are shown when nothing else is. */
const MAX_OPEN_GREENS = 3;

/** Rows of artifacts, worst first, what is as expected folded. */
export function ArtifactRows(props: {
  artifacts: readonly ArtifactReport[];
  owner?: string;
  alone?: boolean;
}) {
  const { owner, alone } = props;
  const artifacts = worstFirst(props.artifacts);
  const greens = artifacts.filter(({ status }) => status === 'expected-signer');
  const others = artifacts.filter(({ status }) => status !== 'expected-signer');
  const fold =
    greens.length > 0 && (others.length > 0 || greens.length > MAX_OPEN_GREENS);
  const rows = fold ? others : artifacts;
  const someCount = artifacts.some(({ required }) => required);
  return (
    <PlainList>
      {rows.map(artifact => (
        <PanelSection as="li" key={artifact.id} data-ruled>
          <ArtifactRow
            artifact={artifact}
            owner={owner}
            alone={alone}
            sayUncounted={someCount}
          />
        </PanelSection>
      ))}
      {fold ? <GreenRows artifacts={greens} /> : null}
    </PlainList>
  );
}
