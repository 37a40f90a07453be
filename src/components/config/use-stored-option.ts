import { useEffect, useState } from 'react';
import type { RemoteOption } from '../../core';
import { useTrama } from '../shared/provider';
import { useConfig } from './config-context';
import { isTemplate } from './fields/control';
import { inLanguage } from './in-language';

/**
 * The choice a stored id stands for: `null` when its provider has it no more, `undefined` while that is not known, or cannot be asked. Then the
 * id itself is shown; why the provider does not answer is told where its list is opened.
 */
export function useStoredOption(options: string, value: unknown): RemoteOption | null | undefined {
  const { findOption, provider } = useConfig();
  const { locale } = useTrama();
  const [found, setFound] = useState<{ value: unknown; option: RemoteOption | null }>();
  useEffect(() => {
    if (!findOption || typeof value !== 'string' || value === '' || isTemplate(value)) return;
    let isOver = false;
    findOption(provider, options, value).then(
      (option) => {
        if (!isOver) setFound({ value, option: option && inLanguage(option, locale) });
      },
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [findOption, provider, options, value, locale]);
  return found?.value === value ? found?.option : undefined;
}
