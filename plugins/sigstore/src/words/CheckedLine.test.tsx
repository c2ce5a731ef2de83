import { screen } from '@testing-library/react';
import { renderOnEntity } from '../__testUtils__/renderOnEntity';
import { CheckedLine } from './CheckedLine';

describe('CheckedLine', () => {
  it('does not offer a check to those who may not ask for one', async () => {
    await renderOnEntity(
      <CheckedLine
        checkedAt="2026-11-20T14:02:11Z"
        checking={false}
        checkAgain={() => {}}
      />,
      { name: 'payments', mayCheck: false },
    );

    expect(await screen.findByText(/^checked/)).toBeVisible();
    expect(screen.getByTitle('2026-11-20 14:02:11 UTC')).toBeVisible();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});
