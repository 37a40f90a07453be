import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import { blocks as builtInBlocks, providers as builtInProviders } from '../../blocks';
import {
  type AnyBlock,
  type BlockLookup,
  type Formatting,
  indexBlocks,
  type ProviderDefinition,
  type WorkflowClient,
} from '../../core';
import { commonMessages } from './common-messages';
import type { Messages } from './messages';
import { type Catalogue, createTranslator, type Locale, type Translate, type Translator } from './translate';
import { useColorMode } from './use-color-mode';

export interface WorkflowProviderProps {
  /** Talks to the host's API; made with `createWorkflowClient`. */
  client: WorkflowClient;
  /** @default 'it' */
  locale?: Locale;
  /** Texts that replace the kit's own, key by key. */
  messages?: Partial<Messages>;
  /** IANA time zone of dates and times. @default 'Europe/Rome' */
  timeZone?: string;
  /** @default 'system' */
  colorMode?: 'light' | 'dark' | 'system';
  /** Where dialogs are put. @default inside the provider's own element */
  portalContainer?: HTMLElement | null;
  /** What a user is called, wherever somebody is named; keep it the same between renders. @default the id, as the host's `authenticate` gives it */
  userName?: (userId: string) => string;
  /** CSP nonce of the page, for hosts whose own components read it from the context. The kit injects no style or script. */
  nonce?: string;
  /** @default the built-in blocks */
  blocks?: readonly AnyBlock[];
  /** @default the built-in providers */
  providers?: readonly ProviderDefinition[];
  children: ReactNode;
}

/** What every component of the kit works with. */
export interface Trama {
  client: WorkflowClient;
  locale: Locale;
  /** Translates the common texts; those of a part come with `useTexts`. */
  t: Translate;
  translator: Translator;
  /** BCP 47 locale and time zone for `Intl` and for template filters. */
  formatting: Formatting;
  timeZone: string;
  blocks: BlockLookup;
  /** Providers by id, in the order they are shown. */
  providers: ReadonlyMap<string, ProviderDefinition>;
  portalContainer: HTMLElement | null;
  userName: (userId: string) => string;
  colorMode: 'light' | 'dark';
  nonce: string | undefined;
}

const asIs = (userId: string) => userId;

const TramaContext = createContext<Trama | null>(null);

/** Gives the components below it their client, language, colours and blocks. */
export function WorkflowProvider(props: WorkflowProviderProps) {
  const {
    client,
    locale = 'it',
    messages,
    timeZone = 'Europe/Rome',
    nonce,
    portalContainer,
    userName = asIs,
    children,
  } = props;
  const { blocks = builtInBlocks, providers = builtInProviders } = props;
  const colorMode = useColorMode(props.colorMode ?? 'system');
  const [ownPortal, setOwnPortal] = useState<HTMLElement | null>(null);
  const value = useMemo<Trama>(
    () => ({
      client,
      locale,
      ...translations(locale, messages),
      formatting: { locale: locale === 'it' ? 'it-IT' : 'en-GB', timeZone },
      timeZone,
      blocks: indexBlocks(blocks),
      providers: new Map(providers.map((provider) => [provider.id, provider])),
      portalContainer: portalContainer ?? ownPortal,
      userName,
      colorMode,
      nonce,
    }),
    [
      client,
      locale,
      messages,
      timeZone,
      blocks,
      providers,
      portalContainer,
      ownPortal,
      userName,
      colorMode,
      nonce,
    ],
  );
  return (
    <TramaContext.Provider value={value}>
      <div className="trama" data-trama-theme={colorMode} lang={locale}>
        {children}
        <div ref={setOwnPortal} />
      </div>
    </TramaContext.Provider>
  );
}

/** The provider's value. Throws outside a `WorkflowProvider`. */
export function useTrama(): Trama {
  const value = useContext(TramaContext);
  if (value) return value;
  throw new Error(
    'A component of "trama" was rendered outside <WorkflowProvider>, so it has no client to talk to. ' +
      'Wrap it: <WorkflowProvider client={createWorkflowClient({ baseUrl })}>…</WorkflowProvider>.',
  );
}

function translations(locale: Locale, overrides: Partial<Messages> | undefined) {
  const translator = createTranslator(locale, overrides);
  return { translator, t: translator(commonMessages) };
}

/** The translator of a part's texts, in the reader's language. A text of another part does not compile. */
export function useTexts<Key extends string>(catalogue: Catalogue<Key>): Translate<Key> {
  return useTrama().translator(catalogue);
}

/** Other blocks for what is below it, everything else as before. */
export function BlocksOverride({ blocks, children }: { blocks: readonly AnyBlock[]; children: ReactNode }) {
  const outer = useTrama();
  const value = useMemo(() => ({ ...outer, blocks: indexBlocks(blocks) }), [outer, blocks]);
  return <TramaContext.Provider value={value}>{children}</TramaContext.Provider>;
}
