import { useMemo } from 'react';
import type { RunDetail } from '../../core';
import { useTexts, useTrama } from '../shared/provider';
import { useFormats } from '../shared/use-formats';
import { useProviderLabel } from '../shared/use-provider-label';
import { runsMessages } from './messages';
import type { Words } from './step-words';

/** What words about a run's steps are made with, in the reader's language. */
export function useWords({ definition, steps, run: { title } }: RunDetail): Words {
  const { locale, blocks } = useTrama();
  const providerLabel = useProviderLabel();
  const t = useTexts(runsMessages);
  const formats = useFormats();
  return useMemo(() => {
    const branches = new Map(steps.flatMap(({ key, branch }) => (branch === null ? [] : [[key, branch]])));
    return { t, formats, locale, definition, blocks, title, providerLabel, branches };
  }, [t, formats, locale, definition, steps, blocks, title, providerLabel]);
}
