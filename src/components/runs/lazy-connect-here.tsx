import { lazy, Suspense } from 'react';
import type { ConnectHereProps } from './connect-here';

/** Few runs wait for a connection: what connects one is fetched for those. */
const Loaded = lazy(async () => ({ default: (await import('./connect-here')).ConnectHere }));

export function LazyConnectHere(props: ConnectHereProps) {
  return (
    <Suspense fallback={null}>
      <Loaded {...props} />
    </Suspense>
  );
}
