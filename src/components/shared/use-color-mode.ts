import { useSyncExternalStore } from 'react';

const DARK = '(prefers-color-scheme: dark)';

/** The colour mode to show: the given one, or the system's and its changes. Light on a server. */
export function useColorMode(mode: 'light' | 'dark' | 'system'): 'light' | 'dark' {
  const system = useSyncExternalStore(subscribe, readSystem, () => 'light' as const);
  return mode === 'system' ? system : mode;
}

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', onChange);
  return () => query.removeEventListener('change', onChange);
}

const readSystem = (): 'light' | 'dark' => (window.matchMedia(DARK).matches ? 'dark' : 'light');
