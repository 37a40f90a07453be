import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type Locale, type Texts, texts } from './texts';

type Theme = 'light' | 'dark';

interface Preferences {
  locale: Locale;
  theme: Theme;
  t: Texts;
  setLocale: (locale: Locale) => void;
  setTheme: (theme: Theme) => void;
}

const PreferencesContext = createContext<Preferences | null>(null);

/** Language and colours of this browser: Italian, and as light or dark as the system, until chosen otherwise. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useKept<Locale>('doc-manager.locale', 'it');
  const [theme, setTheme] = useKept<Theme>(
    'doc-manager.theme',
    matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  );
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dataset.theme = theme;
  }, [locale, theme]);
  const value = { locale, theme, t: texts[locale], setLocale, setTheme };
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  return useContext(PreferencesContext) as Preferences;
}

/** The texts of the language in use. */
export const useTexts = (): Texts => usePreferences().t;

function useKept<T extends string>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => (localStorage.getItem(key) as T | null) ?? initial);
  const keep = (next: T) => {
    localStorage.setItem(key, next);
    setValue(next);
  };
  return [value, keep];
}
