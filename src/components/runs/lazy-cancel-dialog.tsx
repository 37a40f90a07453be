import { lazy, Suspense } from 'react';
import type { CancelDialogProps } from './cancel-dialog';

/** Dialogs bring a library of their own: it is fetched when somebody wants to cancel, which is seldom. */
const Loaded = lazy(async () => ({ default: (await import('./cancel-dialog')).CancelDialog }));

export function LazyCancelDialog(props: CancelDialogProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
