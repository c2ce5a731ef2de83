import {
  ARTIFACT_STATUSES,
  describeStatus,
} from '@cloudythings/backstage-plugin-sigstore-common';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { artifact } from '../../dev/fixtures/artifacts';
import { FixtureApi, responseError } from '../../dev/fixtures/FixtureApi';
import { report } from '../../dev/fixtures/reports';
import {
  accessibilityProblems,
  renderOnEntity,
} from '../__testUtils__/renderOnEntity';
import { SignatureCard } from './SignatureCard';

const renderCard = (
  name: string,
  options: Omit<Parameters<typeof renderOnEntity>[1], 'name'> = {},
) => renderOnEntity(<SignatureCard />, { name, ...options });

describe('SignatureCard', () => {
  it.each(ARTIFACT_STATUSES)('shows %s with its own words', async status => {
    await renderCard(`status-${status}`);

    const row = await screen.findByRole('listitem');
    const { label } = describeStatus(status, 'enforce');
    expect(row).toHaveTextContent(label);
    expect(row.querySelector(`[data-status="${status}"]`)).not.toBeNull();
    expect(row).toHaveTextContent(`acme/${status}:1.4.2`);
  });

  it('gives every status an icon of its own', async () => {
    const icons = new Set<string>();
    for (const status of ARTIFACT_STATUSES) {
      const { unmount, container } = await renderCard(`status-${status}`);
      await screen.findByRole('listitem');
      icons.add(
        container.querySelector(`[data-status="${status}"] svg`)!.innerHTML,
      );
      unmount();
    }
    expect(icons.size).toBe(ARTIFACT_STATUSES.length);
  });

  it('says the worst first, counts, and folds what is as expected', async () => {
    await renderCard('checkout');

    expect(
      await screen.findByText('checkout-worker was signed by someone else'),
    ).toBeInTheDocument();
    expect(
      screen.getByText('3 artifacts: 1 signed by someone else · 2 as expected'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('img', {
        name: '1 of 3 signed by someone else, 2 of 3 as expected',
      }),
    ).toBeInTheDocument();

    const [worst, greens] = screen.getAllByRole('listitem');
    expect(worst).toHaveTextContent('foundjane@acme.example (Google)');
    expect(worst).toHaveTextContent(
      'expectedrelease.yml in acme/checkout (GitHub Actions)',
    );
    expect(worst).toHaveTextContent('ask team-checkout who built it');
    expect(greens).toHaveTextContent(
      '2 as expected image acme/checkout:1.4.2, Terraform plan prod/checkout/plan.json',
    );
    expect(screen.getByText('Rules: images, production-plans')).toBeVisible();

    await userEvent.click(
      screen.getByRole('button', { name: 'Show what is as expected' }),
    );
    expect(screen.getAllByText('Signed by expected signer')).toHaveLength(2);
  });

  it('opens what to do in place', async () => {
    await renderCard('status-evidence-mismatch');
    const trigger = await screen.findByRole('button', {
      name: /^What to do about/,
    });
    expect(trigger).toHaveAttribute('aria-expanded', 'false');

    await userEvent.click(trigger);

    expect(screen.getByText('What happened.')).toBeInTheDocument();
    expect(screen.getByText('Why it matters.')).toBeInTheDocument();
    expect(screen.getByText(/Do not sign it again before/)).toBeInTheDocument();
    expect(screen.getByText('artifact-mismatch')).toBeInTheDocument();
  });

  it('shows what the entity depends on under its own name and owner', async () => {
    await renderCard('checkout');

    const group = await screen.findByRole('heading', { name: /^From network/ });
    expect(group).toHaveTextContent(
      'From network (Terraform module), owned by team-platform',
    );
    expect(group).toHaveTextContent('does not count here');

    const headings = () =>
      screen
        .getAllByRole('heading', { level: 3 })
        .map(({ textContent }) => textContent?.split(' (')[0]);
    expect(headings()).toEqual(['From network', 'From admission-baseline']);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show what it depends on' }),
    );
    expect(headings()).toEqual([
      'From network',
      'From admission-baseline',
      'From DNS zone',
    ]);
  });

  it('tells not knowing apart, with what was known and when it is tried again', async () => {
    await renderCard('status-could-not-check');

    const row = await screen.findByRole('listitem');
    expect(row).toHaveTextContent(
      /policies\.acme\.example has not answered since .* Next try .* Last known, .*: signed by expected signer\./,
    );
  });

  it('says until when an exception applies, who accepted it and why', async () => {
    await renderCard('finding-exception-in-force');

    const row = await screen.findByRole('listitem');
    expect(row).toHaveTextContent('Exception until Jan 31, 2027');
    expect(row).toHaveTextContent(
      'Accepted by payments: The vendor signs from release 3 on',
    );
    await userEvent.click(
      screen.getByRole('button', { name: /^What to do about/ }),
    );
    expect(screen.getByRole('link', { name: /payments/ })).toBeInTheDocument();
  });

  it('says since when nothing was asked, and what was known', async () => {
    await renderCard('finding-result-too-old');

    const row = await screen.findByRole('listitem');
    expect(row).toHaveTextContent(/Not re-checked since .*Oct 12/);
    expect(row).toHaveTextContent(/Last known, .*: signed by expected signer/);
  });

  it('names a key as the rule does, and no issuer', async () => {
    await renderCard('key');

    const row = await screen.findByRole('listitem');
    expect(row).toHaveTextContent(
      'the key “firmware-release” (sha256:3be47d7d…91f0)',
    );
    expect(row).not.toHaveTextContent('()');
  });

  it('shows what differs where the identity is the right one', async () => {
    await renderCard('other-runner');

    const row = await screen.findByRole('listitem');
    expect(row).toHaveTextContent('foundself-hosted');
    expect(row).toHaveTextContent('expectedgithub-hosted');
  });

  it('gives the reason for which trust was withdrawn', async () => {
    await renderCard('finding-signer-distrusted');

    expect(await screen.findByRole('listitem')).toHaveTextContent(
      'was published in a build log',
    );
  });

  it.each([
    ['signer-distrusted', /by a signer that is no longer trusted$/],
    ['signed-outside-window', /at a time the rule does not allow$/],
  ])('does not say of %s that somebody else signed', async (code, words) => {
    const { container } = await renderCard(`finding-${code}`);

    expect(await screen.findByText(words)).toBeVisible();
    expect(container).not.toHaveTextContent(/someone else/);
  });

  it('marks where a lookalike differs', async () => {
    const { container } = await renderCard('lookalike');

    await screen.findByRole('listitem');
    expect(container.querySelector('mark')).toHaveTextContent('-tools');
  });

  it('leads to the evidence of the tab', async () => {
    await renderCard('checkout');

    expect(
      await screen.findByRole('link', { name: 'Evidence' }),
    ).toHaveAttribute('href', '/provenance');
  });

  it.each([
    [
      'trouble-unavailable',
      'Signature status unavailable: the Sigstore backend did not answer. This says nothing about the signatures.',
    ],
    [
      'trouble-not-installed',
      'The Sigstore backend plugin is not installed. Install',
    ],
    ['trouble-not-permitted', 'You may not see the signature status here.'],
    ['trouble-not-known', 'Nothing is known here under this name'],
  ])('says %s in words', async (name, words) => {
    await renderCard(name);

    expect(await screen.findByRole('alert')).toHaveTextContent(words);
  });

  it('tries again when the backend is back', async () => {
    const api = new FixtureApi();
    const answer = api.getEntityReport.bind(api);
    api.getEntityReport = jest
      .fn(answer)
      .mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await renderCard('payments', { api });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Try again' }),
    );

    expect(
      await screen.findByText('All 2 signed by the expected signer'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('shows the annotation to paste where nothing is declared', async () => {
    await renderCard('nothing-declared');

    expect(await screen.findByText('No artifacts declared')).toBeVisible();
    expect(screen.getByText(/sigstore\.dev\/images: ghcr\.io/)).toBeVisible();
    expect(screen.queryByText(/as expected/)).not.toBeInTheDocument();
  });

  it('waits for what is declared and not read yet', async () => {
    const api = new FixtureApi();
    const answer = api.getEntityReport.bind(api);
    const done = report('undiscovered', [artifact('expected-signer')]);
    api.getEntityReport = jest
      .fn()
      .mockImplementationOnce(answer)
      .mockResolvedValue(done);
    jest.useFakeTimers({ advanceTimers: true });
    try {
      await renderCard('undiscovered', { api });
      expect(await screen.findByText(/^Not checked yet/)).toBeVisible();
      jest.advanceTimersByTime(60_000);
      expect(
        await screen.findByText(/is signed by the expected signer/),
      ).toBeVisible();
    } finally {
      jest.useRealTimers();
    }
  });

  it('asks for a check and waits until there is a new answer', async () => {
    const api = new FixtureApi();
    const later = report('payments', [
      artifact('no-signature', { checkedAt: '2026-11-20T15:00:00Z' }),
    ]);
    await renderCard('payments', { api });
    const button = await screen.findByRole('button', { name: 'Check again' });
    api.getEntityReport = async () => later;

    await userEvent.click(button);

    expect(api.checked).toEqual(['component:default/payments']);
    expect(await screen.findByText(/^No signature found for/)).toBeVisible();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Check again' })).toBeEnabled(),
    );
  });

  it('goes on waiting while the answer is the one from before', async () => {
    const api = new FixtureApi();
    await renderCard('payments', { api });
    const button = await screen.findByRole('button', { name: 'Check again' });
    const before = await api.getEntityReport('component:default/payments');
    const answers = jest.fn(async () => before);
    api.getEntityReport = answers;
    jest.useFakeTimers({ advanceTimers: true });
    try {
      const user = userEvent.setup({ advanceTimers: jest.advanceTimersByTime });
      await user.click(button);
      await waitFor(() => expect(answers).toHaveBeenCalledTimes(1));
      expect(screen.getByRole('button', { name: 'Checking…' })).toBeDisabled();

      jest.advanceTimersByTime(60_000);
      await waitFor(() => expect(answers).toHaveBeenCalledTimes(2));
      expect(screen.getByRole('button', { name: 'Checking…' })).toBeDisabled();
    } finally {
      jest.useRealTimers();
    }
  });

  it('says so when a check cannot be asked for', async () => {
    const api = new FixtureApi();
    api.checkEntity = async () => {
      throw await responseError(403, 'NotAllowedError');
    };
    await renderCard('payments', { api });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Check again' }),
    );

    expect(
      await screen.findByText('You may not ask for a check.'),
    ).toBeVisible();
  });

  it('says what is loading', async () => {
    await renderCard('trouble-slow');

    expect(
      screen.getByRole('status', { name: 'Reading the signature status' }),
    ).toBeInTheDocument();
  });

  it.each([
    'checkout',
    'payments',
    'over-time',
    'nothing-declared',
    'trouble-unavailable',
  ])('has nothing for axe to find: %s', async name => {
    const { container } = await renderCard(name);
    await screen.findByText(
      /was signed by someone|^All 2|^No artifacts|unavailable|used to be signed$/,
    );

    expect(await accessibilityProblems(container)).toEqual([]);
  });
});
