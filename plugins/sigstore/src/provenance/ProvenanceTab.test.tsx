/* eslint-disable no-script-url -- hostile texts are what is tried here */
import {
  ArtifactDetail,
  describeFinding,
  FINDING_CODES,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { facts } from '../../dev/fixtures/details';
import { FixtureApi, responseError } from '../../dev/fixtures/FixtureApi';
import { mixed } from '../../dev/fixtures/reports';
import { jane } from '../../dev/fixtures/signers';
import {
  accessibilityProblems,
  renderOnEntity,
} from '../__testUtils__/renderOnEntity';
import { ProvenanceTab } from './ProvenanceTab';

const renderTab = (
  name: string,
  options: Omit<Parameters<typeof renderOnEntity>[1], 'name'> = {},
) => renderOnEntity(<ProvenanceTab />, { name, ...options });

/** An API whose details of artifacts are changed by a test. */
function apiWith(change: (detail: ArtifactDetail) => ArtifactDetail) {
  const api = new FixtureApi();
  const answer = api.getArtifactDetail.bind(api);
  api.getArtifactDetail = async (entity, id) =>
    change(await answer(entity, id));
  return api;
}

const open = async (name: RegExp) =>
  userEvent.click(await screen.findByRole('button', { name }));

describe('ProvenanceTab', () => {
  it('opens with what needs most attention, and says it in one sentence', async () => {
    await renderTab('checkout');

    expect(
      await screen.findByText(/^Signed by/, { selector: 'p' }),
    ).toHaveTextContent(
      /Signed by jane@acme\.example \(Google\), .*\. Rule images expects release\.yml in acme\/checkout \(GitHub Actions\)\./,
    );
    expect(
      screen.getByRole('heading', { level: 2, name: /checkout-worker/ }),
    ).toBeVisible();
    const answers = screen
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Signature found: yes/),
        expect.stringMatching(/^Evidence sound: yes.*10 of 10 checks hold/),
        expect.stringMatching(/^Expected signer: no/),
      ]),
    );
  });

  it('shows expected beside found', async () => {
    await renderTab('checkout');

    const row = await screen.findByRole('row', { name: /^identity/ });
    expect(row).toHaveTextContent('jane@acme.example');
    expect(row).toHaveTextContent(
      'https://github.com/acme/checkout/.github/workflows/release.yml@refs/heads/main',
    );
    expect(
      screen.getByRole('columnheader', { name: 'expected by rule “images”' }),
    ).toBeInTheDocument();
  });

  it('opens the artifact of the address', async () => {
    const green = mixed.artifacts[0];
    await renderTab('checkout', { address: `/?artifact=${green.id}` });

    expect(
      await screen.findByRole('heading', { level: 2, name: /acme\/checkout:/ }),
    ).toBeVisible();
    const chosen = within(
      screen.getByRole('navigation', { name: 'Artifacts' }),
    ).getAllByRole('link', { current: true });
    expect(chosen).toHaveLength(1);
    expect(chosen[0]).toHaveTextContent('acme/checkout:1.4.2');
  });

  it('says so when the address names what is no longer declared', async () => {
    await renderTab('checkout', { address: '/?artifact=gone' });

    expect(
      await screen.findByText(/is not declared here any more/),
    ).toBeVisible();
  });

  it('says where it was built only by provenance of an expected signer', async () => {
    const { unmount } = await renderTab('payments');
    expect(
      await screen.findByText(/^Built from/, { selector: 'p' }),
    ).toHaveTextContent(/Built from acme\/checkout at 3f2c1ab, signed by/);
    unmount();

    // The same statement by somebody else: it says nothing about the build.
    const api = apiWith(detail => ({
      ...detail,
      evidence: detail.evidence.map(piece => ({
        ...piece,
        verifications: piece.verifications.map(verification => ({
          ...verification,
          facts: facts(jane, { predicate: {} }),
        })),
      })),
    }));
    await renderTab('payments', { api });
    expect(
      await screen.findByText(/^Signed by/, { selector: 'p' }),
    ).toBeVisible();
    expect(screen.queryByText(/Built from/)).not.toBeInTheDocument();
    expect(
      screen.getByText('no provenance by the expected signer'),
    ).toBeVisible();
  });

  it('never makes a link of anything in evidence but https:', async () => {
    const hostile = {
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: {
        runDetails: {
          builder: { id: 'javascript:alert(1)' },
          metadata: { invocationId: 'data:text/html,<b>hi</b>' },
        },
        note: '<img src=x onerror=alert(1)>',
        home: 'http://insecure.example/',
        reversed: 'main\u202eniam',
      },
    };
    const api = apiWith(detail => ({
      ...detail,
      signer: {
        ...detail.signer!,
        extensions: {
          sourceRepositoryURI: 'javascript:alert(2)',
          sourceRepositoryDigest: '"><script>alert(3)</script>',
          runInvocationURI: 'vbscript:msgbox(1)',
        },
      },
      evidence: detail.evidence.map(piece => ({
        ...piece,
        verifications: piece.verifications.map(verification => ({
          ...verification,
          facts: {
            ...facts(
              {
                ...detail.signer!,
                extensions: { runInvocationURI: 'vbscript:msgbox(1)' },
              },
              hostile,
            ),
          },
        })),
      })),
    }));
    const { container } = await renderTab('payments', { api });
    await open(/^Statement/);
    await open(/^Certificate/);
    await open(/runDetails/);

    expect(screen.getAllByText('javascript:alert(1)').length).toBeGreaterThan(
      0,
    );
    expect(screen.getByText('javascript:alert(2)')).toBeVisible();
    expect(screen.getByText('vbscript:msgbox(1)')).toBeVisible();
    expect(screen.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
    expect(screen.getByText('main\\u{202e}niam')).toBeVisible();
    const addresses = [...container.querySelectorAll('a')].map(a =>
      a.getAttribute('href'),
    );
    expect(
      addresses.filter(address => !/^(https:\/\/|\/|\?)/.test(address ?? '')),
    ).toEqual([]);
    expect(container.querySelector('img, script')).toBeNull();
  });

  it('lists every piece of evidence and saves its bundle', async () => {
    const saved: string[] = [];
    URL.createObjectURL = jest.fn(() => 'blob:bundle');
    URL.revokeObjectURL = jest.fn();
    jest
      .spyOn(HTMLAnchorElement.prototype, 'click')
      .mockImplementation(function click(this: HTMLAnchorElement) {
        saved.push(this.download);
      });
    await renderTab('payments');
    await open(/^Evidence.*2 pieces/);

    const [first] = screen.getAllByRole('button', { name: 'Download bundle' });
    await userEvent.click(first);

    expect(saved).toEqual([
      expect.stringMatching(/^sha256-e1.*\.sigstore\.json$/),
    ]);
  });

  it('says so when a bundle may not be read', async () => {
    const api = new FixtureApi();
    api.getEvidenceBundle = async () => {
      throw await responseError(403, 'NotAllowedError');
    };
    await renderTab('payments', { api });
    await open(/^Evidence.*pieces/);

    const [first] = screen.getAllByRole('button', { name: 'Download bundle' });
    await userEvent.click(first);

    expect(
      await screen.findByText('You may not read raw evidence.'),
    ).toBeVisible();
  });

  it('says so when the evidence itself is withheld', async () => {
    const api = apiWith(detail => ({ ...detail, evidence: [] }));
    await renderTab('payments', { api });

    expect(
      await screen.findByText(/You may not read raw evidence;/),
    ).toBeVisible();
  });

  it('lists what else the signer signed', async () => {
    await renderTab('checkout');
    await open(/^1 other artifact/);

    const tile = screen.getByRole('region', { name: 'Signer' });
    expect(within(tile).getByRole('list')).toHaveTextContent(
      'acme/checkout-worker:1.4.2',
    );
  });

  it('says nothing of other artifacts where the index may not be read', async () => {
    const api = new FixtureApi();
    api.getSigners = async () => {
      throw await responseError(403, 'NotAllowedError');
    };
    await renderTab('checkout', { api });

    await screen.findByRole('region', { name: 'Signer' });
    expect(screen.queryByText('also signed')).not.toBeInTheDocument();
  });

  it('does not take a signer of another root for the same', async () => {
    const api = new FixtureApi();
    const answer = api.getSigners.bind(api);
    api.getSigners = async query =>
      (await answer(query)).map(one => ({ ...one, trustedRoot: 'other' }));
    await renderTab('checkout', { api });

    await screen.findByRole('region', { name: 'Signer' });
    expect(screen.queryByText('also signed')).not.toBeInTheDocument();
  });

  it('shows a key without a certificate, by the name that the rule gives it', async () => {
    await renderTab('key');

    expect(
      await screen.findByText(/^Signed by/, { selector: 'p' }),
    ).toHaveTextContent(
      /Signed by the key “firmware-release” \(sha256:3be47d7d…91f0\), .*\. Rule firmware expects this signer\./,
    );
    const tile = screen.getByRole('region', { name: 'Signer' });
    expect(tile).toHaveTextContent('key of the rulefirmware-release');
    expect(tile).not.toHaveTextContent('issuer');
    expect(
      screen.queryByRole('button', { name: /^Certificate/ }),
    ).not.toBeInTheDocument();
    expect(screen.getByText(/^ct verify artifact/)).toHaveTextContent(
      "--key='./firmware-release.pem'",
    );
    expect(screen.getByText(/Trusted root and key are files/)).toBeVisible();
  });

  it('says what else a rule asks for, and that the commands leave it out', async () => {
    await renderTab('other-runner');

    expect(
      await screen.findByText(/^Signed by/, { selector: 'p' }),
    ).toHaveTextContent(
      'expects release.yml in acme/checkout (GitHub Actions), Runner Environment github-hosted.',
    );
    expect(screen.getByText(/ct with --policy checks all/)).toBeVisible();
  });

  it('does not count checks that hold against evidence that contradicts itself', async () => {
    await renderTab('finding-builder-mismatch');

    const answer = await screen.findByText(/what it says contradicts itself/);
    expect(answer).toBeVisible();
    expect(screen.queryByText('Checks that do not hold')).toBeNull();
  });

  it('names the earlier artifact that had more', async () => {
    await renderTab('finding-weaker-than-before');

    expect(
      await screen.findByText(/checkout:1\.4\.1 .* was signed by/),
    ).toBeVisible();
    expect(
      screen.getByRole('row', { name: /^predicate type/ }),
    ).toHaveTextContent('https://slsa.dev/provenance/v1');
  });

  it.each(FINDING_CODES.filter(code => code !== 'not-checked-yet'))(
    'explains %s in place, with its code to copy',
    async code => {
      await renderTab(`finding-${code}`);

      const { whyItMatters, whatToDo } = describeFinding(code);
      expect(await screen.findByText(whyItMatters)).toBeVisible();
      expect(screen.getByText(whatToDo)).toBeVisible();
      expect(
        screen.getByRole('button', { name: `Copy finding code ${code}` }),
      ).toBeVisible();
    },
  );

  it('shows the failed check open and those it kept from being made', async () => {
    await renderTab('status-outside-validity');

    const failed = await screen.findByText(
      'It was signed while the certificate was in force',
    );
    expect(failed).toBeVisible();
    expect(screen.getAllByText(/not reached/).length).toBeGreaterThan(0);
    expect(
      screen.getByRole('button', { name: /5 checks that hold/ }),
    ).toBeVisible();
    // Nobody is named where the evidence does not hold.
    expect(screen.queryByText(/Signed by/)).not.toBeInTheDocument();
  });

  it.each([
    ['trouble-unavailable', /Signature status unavailable/],
    ['trouble-not-permitted', /You may not see/],
  ])('says %s in words', async (name, words) => {
    await renderTab(name);

    expect(await screen.findByRole('alert')).toHaveTextContent(words);
  });

  it('says where something runs, what runs it, and since when', async () => {
    const { container } = await renderTab('running');
    await open(/^Where it runs/);

    expect(container).toHaveTextContent(
      /cluster prod-eu.*namespace checkout, Deployment checkout, container app.*seen by Kubernetes, first .*, last /,
    );
    expect(await accessibilityProblems(container)).toEqual([]);
  });

  it('says so where nothing is declared', async () => {
    await renderTab('nothing-declared');

    expect(await screen.findByText(/^No artifacts declared/)).toBeVisible();
  });

  it('has nothing for axe to find when folded', async () => {
    const { container } = await renderTab('payments');
    await screen.findByText(/^Built from/);

    expect(await accessibilityProblems(container)).toEqual([]);
  });

  it.each([/^Certificate/, /^Statement/, /^Evidence.*pieces/, /^History/])(
    'has nothing for axe to find with %s open',
    async section => {
      const { container } = await renderTab('payments');
      await open(section);

      expect(await accessibilityProblems(container)).toEqual([]);
    },
  );

  it('has nothing for axe to find in how an object store keeps things', async () => {
    const plan = mixed.artifacts.find(({ kind }) => kind === 'terraform-plan')!;
    const { container } = await renderTab('checkout', {
      address: `/?artifact=${plan.id}`,
    });
    await open(/^How it is kept/);

    expect(await accessibilityProblems(container)).toEqual([]);
  });

  it('says how an object store keeps things, and what it does not say', async () => {
    const plan = 's3://acme-plans/prod/plan.json';
    const common = { versioning: 'on', legalHold: 'off' } as const;
    const api = apiWith(detail => ({
      ...detail,
      storage: {
        seenAt: '2026-11-22T14:02:00.000Z',
        objects: [
          {
            ...common,
            role: 'artifact',
            name: plan,
            versionId: 'v1',
            legalHold: 'on',
            retention: {
              state: 'set',
              mode: 'compliance',
              until: '2999-01-31T00:00:00.000Z',
            },
          },
          {
            ...common,
            role: 'evidence',
            name: `${plan}.sigstore.json`,
            versioning: 'unknown',
            legalHold: 'unknown',
            retention: { state: 'unknown', cause: '<b>AccessDenied</b>' },
          },
          {
            ...common,
            role: 'evidence',
            name: `${plan}.intoto.jsonl`,
            retention: {
              state: 'set',
              mode: 'governance',
              until: '2020-01-31T00:00:00.000Z',
            },
          },
          {
            ...common,
            role: 'evidence',
            name: `${plan}.sig`,
            versioning: 'off',
            retention: { state: 'none' },
          },
        ],
      },
    }));
    await renderTab('checkout', { api });
    await open(/^How it is kept/);

    const words = (name: string) =>
      screen.getByText(name).closest('li')?.textContent;
    expect(words(plan)).toMatch(
      /Artifact.*Kept until .*31.*2999 by Object Lock \(compliance\).*Under legal hold.*keeps all versions · version v1/,
    );
    expect(words(`${plan}.sigstore.json`)).toMatch(
      /Evidence.*Not known whether Object Lock keeps it: <b>AccessDenied<\/b>.*Not known whether it is under legal hold.*Not known whether the bucket/,
    );
    expect(words(`${plan}.intoto.jsonl`)).toMatch(/Was kept until .*2020/);
    expect(words(`${plan}.sig`)).toMatch(
      /Not kept by Object Lock\..*one version only/,
    );
    expect(words(`${plan}.sig`)).not.toMatch(/legal hold/);
  });

  it('says nothing of a store where none says anything', async () => {
    await renderTab('checkout');
    await screen.findByRole('button', { name: /^Sources asked/ });
    expect(screen.queryByText(/How it is kept/)).not.toBeInTheDocument();
  });
});
