import { type ReactNode, useMemo } from 'react';
import { WorkflowProvider, type WorkflowProviderProps } from '../../src/components/shared/provider';
import type { Locale } from '../../src/components/shared/translate';
import { createFakeClient, type FakeClient, type FakeClientOptions } from './fake-client';
import { createSamples } from './samples';

/** What a story may say in `parameters.trama`. */
export interface StoryParameters {
  /** What the server knows and how it behaves. @default the sample company */
  server?: FakeClientOptions | ((samples: ReturnType<typeof createSamples>) => FakeClientOptions);
  /** Changes the server after it was made: sends live updates, for instance. */
  play?: (client: FakeClient, samples: ReturnType<typeof createSamples>) => void;
  provider?: Partial<WorkflowProviderProps>;
  /** Height and width of the place the component is put in. @default the whole page */
  box?: { width?: number; height?: number };
}

export interface StoryFrameProps {
  theme: 'light' | 'dark';
  locale: Locale;
  trama: StoryParameters;
  children: ReactNode;
}

/** The host's page around a story: its background, the provider, a server in memory. */
export function StoryFrame({ theme, locale, trama, children }: StoryFrameProps) {
  const client = useMemo(() => createStoryClient(trama), [trama]);
  return (
    <WorkflowProvider client={client} locale={locale} colorMode={theme} {...trama.provider}>
      <main className="story-page" style={{ background: 'var(--trama-background)' }}>
        <div style={{ height: '100%', maxWidth: '100%', ...trama.box }}>{children}</div>
      </main>
    </WorkflowProvider>
  );
}

export function createStoryClient({ server, play }: StoryParameters): FakeClient {
  const samples = createSamples();
  const options = typeof server === 'function' ? server(samples) : server;
  const { workflows, runs, integrations, options: lists } = samples;
  const client = createFakeClient({ workflows, runs, integrations, options: lists, ...options });
  play?.(client, samples);
  return client;
}
