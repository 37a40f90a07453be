import { useCallback, useRef } from 'react';
import type { InsertTarget } from './config-context';

/** Which field the picker inserts into: the last one that had the focus, else the first of the form. */
export function useInsertTarget() {
  const targets = useRef<InsertTarget[]>([]);
  const last = useRef<InsertTarget | null>(null);
  const register = useCallback((target: InsertTarget) => {
    targets.current.push(target);
    return () => {
      targets.current = targets.current.filter((other) => other !== target);
      if (last.current === target) last.current = null;
    };
  }, []);
  const activate = useCallback((target: InsertTarget) => {
    last.current = target;
  }, []);
  const current = useCallback(() => last.current ?? targets.current[0] ?? null, []);
  return { register, activate, current };
}
