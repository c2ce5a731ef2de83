import Skeleton from '@mui/material/Skeleton';
import { Stack } from './Layout';

/** Grey lines of the height that is coming, so that nothing jumps. */
export function Placeholder(props: { rows: number; label: string }) {
  return (
    <Stack gap={1} role="status" aria-label={props.label}>
      <Skeleton variant="text" width="55%" height={28} />
      <Skeleton variant="text" width="75%" />
      <Skeleton variant="rectangular" height={6} />
      {Array.from({ length: props.rows }, (_, index) => (
        <Skeleton key={index} variant="rectangular" height={56} />
      ))}
    </Stack>
  );
}
