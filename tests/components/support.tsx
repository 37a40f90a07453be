import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactElement } from 'react';
import { WorkflowProvider, type WorkflowProviderProps } from '../../src/components/shared/provider';
import type { Locale } from '../../src/components/shared/translate';
import { createFakeClient, type FakeClientOptions } from '../../stories/support/fake-client';
import { createSamples } from '../../stories/support/samples';

/** 10:30 on a Monday in Rome. */
export const now = new Date('2026-11-23T09:30:00Z');

/** Holds the clock still without touching timers: what is shown as "today" does not depend on when the tests run. */
export function stopClock(): void {
  jest.useFakeTimers({ now, doNotFake: timers });
}

const timers = [
  ...([
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'clearImmediate',
    'setInterval',
  ] as const),
  ...([
    'clearInterval',
    'setTimeout',
    'clearTimeout',
    'requestAnimationFrame',
    'cancelAnimationFrame',
  ] as const),
  ...(['requestIdleCallback', 'cancelIdleCallback'] as const),
];

export interface RenderOptions extends FakeClientOptions {
  locale?: Locale;
  provider?: Partial<WorkflowProviderProps>;
}

/** Renders inside a provider whose server is the sample company, in memory. */
export function renderTrama(
  element: ReactElement,
  { locale = 'it', provider, ...options }: RenderOptions = {},
) {
  const samples = createSamples(now.getTime());
  const { workflows, runs, integrations, options: lists } = samples;
  const client = createFakeClient({ workflows, runs, integrations, options: lists, ...options });
  const wrap = (child: ReactElement) => (
    <WorkflowProvider client={client} locale={locale} {...provider}>
      {child}
    </WorkflowProvider>
  );
  const view = render(wrap(element));
  return {
    ...view,
    rerender: (next: ReactElement) => view.rerender(wrap(next)),
    client,
    samples,
    user: userEvent.setup(),
  };
}
