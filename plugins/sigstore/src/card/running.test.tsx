import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  accessibilityProblems,
  renderOnEntity,
} from '../__testUtils__/renderOnEntity';
import { SignatureCard } from './SignatureCard';

async function rows(name: string): Promise<HTMLElement[]> {
  await renderOnEntity(<SignatureCard />, { name });
  const greens = await screen.findAllByRole('listitem');
  const show = screen.queryByRole('button', {
    name: 'Show what is as expected',
  });
  if (!show) return greens;
  await userEvent.click(show);
  return screen.getAllByRole('listitem');
}

const rowWith = (all: HTMLElement[], words: RegExp) =>
  all.find(row => words.test(row.textContent!))!;

describe('what is seen running', () => {
  it.each([
    [
      'that the entity does not declare it',
      /^Image acme\/log-shipper/,
      /Runs in cluster prod-eu, seen .* by Kubernetes\. Not declared\./,
    ],
    [
      'what it is declared as, and through which index it is signed',
      /Runs in cluster prod-eu, cluster prod-us/,
      /Declared as acme\/checkout:1\.4\.2\. Signed through the index sha256:77b01c1c…e3f2 that lists it\./,
    ],
    [
      'since when its observer has had no answer',
      /^Image acme\/cache/,
      /Ran in instance main, last seen .* by Argo CD, which has had no full answer since .*\. Declared, too\./,
    ],
    [
      'which place does not answer',
      /^What runs in Kubernetes cluster lab/,
      /Could not check.*Kubernetes cluster lab refused to answer/,
    ],
    [
      'why it is not known what runs',
      /^Image registry\.acme\.example\/acme\/sidecar:2/,
      /Could not check.*The node names only the digest of its configuration/,
    ],
  ])('says %s', async (_, row, words) => {
    expect(rowWith(await rows('running'), row)).toHaveTextContent(words);
  });

  it('leaves rows that are only declared as they are', async () => {
    const all = await rows('running');
    const declared = all.filter(row =>
      /^Image acme\/checkout/.test(row.textContent!),
    );
    expect(declared).toHaveLength(2);
    expect(declared[0]).not.toHaveTextContent(/Runs|eclared/);
  });

  it('tells the running from the declared in the folded line', async () => {
    expect(rowWith(await rows('running'), /^2 as expected/)).toHaveTextContent(
      'image acme/checkout:1.4.2, running image acme/checkout:1.4.2',
    );
  });

  it('never says of a newest release that it runs', async () => {
    const all = await rows('newest');
    const row = rowWith(all, /^Image acme\/checkout/);
    expect(row).toHaveTextContent('Newest release, 1.4.2.');
    expect(row).not.toHaveTextContent(/Runs/);
    expect(rowWith(all, /^Image acme\/worker/)).toHaveTextContent(
      'Newest release; which one that is, is not known.',
    );
  });

  it('begins the headline with what is not known', async () => {
    await rows('unseen');
    expect(
      screen.getByText(
        'What runs in Kubernetes cluster lab could not be checked',
      ),
    ).toBeVisible();
  });

  it('has nothing for axe to find', async () => {
    const { container } = await renderOnEntity(<SignatureCard />, {
      name: 'running',
    });
    await screen.findByText(/^What runs in/);
    expect(await accessibilityProblems(container)).toEqual([]);
  });
});
