import { useMemo } from 'react';
import { createFormats, type Formats } from './format';
import { useTrama } from './provider';

/** Dates, times and durations in the provider's language and time zone. */
export function useFormats(): Formats {
  const { locale, timeZone } = useTrama();
  return useMemo(() => createFormats(locale, timeZone), [locale, timeZone]);
}
