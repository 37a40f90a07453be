import { useEffect, useState } from 'react';

type Dialogs = typeof import('./dialogs');

/**
 * The builder's dialogs, fetched once the canvas has been painted: forms and their libraries are a quarter of its code, and nobody needs
 * them first. `null` until they are there; a dialog asked for in between opens then. Throws when they cannot be fetched.
 */
export function useDialogs(): Dialogs | null {
  const [loaded, setLoaded] = useState<Dialogs | Error | null>(null);
  useEffect(() => {
    let isGone = false;
    const keep = (result: Dialogs | Error) => {
      if (!isGone) setLoaded(result);
    };
    import('./dialogs').then(keep, (cause: unknown) =>
      keep(new Error('The forms of the builder could not be fetched. Reload the page.', { cause })),
    );
    return () => {
      isGone = true;
    };
  }, []);
  if (loaded instanceof Error) throw loaded;
  return loaded;
}
