import type { RemoteOption } from '../../core';
import type { Locale } from '../shared/translate';

/** The choice as the reader calls it. */
export const inLanguage = ({ labels, ...option }: RemoteOption, locale: Locale): RemoteOption =>
  labels ? { ...option, label: labels[locale] } : option;
