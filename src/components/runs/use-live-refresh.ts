import { useEffect, useRef, useState } from 'react';

const REFRESH_MS = 5000;

/** Calls `refresh` every so often while the page is in view, and at once when it comes back into view. */
export function useLiveRefresh(refresh: () => void | Promise<void>, everyMs = REFRESH_MS): void {
  const latest = useRef(refresh);
  latest.current = refresh;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    const plan = () => {
      clearTimeout(timer);
      if (!isStopped && document.visibilityState === 'visible') timer = setTimeout(run, everyMs);
    };
    const run = () => void Promise.resolve(latest.current()).finally(plan);
    const wake = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') run();
    };
    plan();
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('focus', wake);
    return () => {
      isStopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('focus', wake);
    };
  }, [everyMs]);
}

/** The time now, renewed every second while `isLive`. */
export function useNow(isLive: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isLive) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isLive]);
  return now;
}
