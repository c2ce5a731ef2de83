import { parseReference } from '@cloudythings/backstage-plugin-sigstore-common';
import { OutboundError } from '../outbound';
import { Gathering } from './Gathering';

const at = (minutes: number) => new Date(Date.UTC(2026, 10, 22, 15, minutes));

function gathering() {
  const parsed = parseReference('ghcr.io/acme/app:1');
  if (!parsed.ok) throw new Error(parsed.problem);
  const artifact = { digest: '', mediaType: '', size: 0, children: [] };
  const target = {
    reference: parsed.parsed,
    artifact,
    known: new Set<string>(),
  };
  return new Gathering('ghcr.io referrers', target, at(0));
}

describe('Gathering', () => {
  it('is due again once nobody wants to be left alone any more', () => {
    const gathered = gathering();
    for (const retryAt of [at(5), at(20), undefined, at(10)]) {
      const details = { status: 429, retryAt };
      gathered.fail(new OutboundError('refused', 'a', 'refused', details));
    }
    expect(gathered.result().lookups).toMatchObject([
      { outcome: 'refused', nextDueAt: at(20).toISOString() },
    ]);
  });
});
