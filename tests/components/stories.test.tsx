import { readdirSync } from 'node:fs';
import path from 'node:path';
import { act, render } from '@testing-library/react';
import { axe, toHaveNoViolations } from 'jest-axe';
import { type ComponentType, createElement, type ReactElement } from 'react';
import type { Locale } from '../../src/components/shared/translate';
import { StoryFrame, type StoryParameters } from '../../stories/support/story-frame';
import { stopClock } from './support';

interface Story {
  args?: Record<string, unknown>;
  render?: (args: Record<string, unknown>) => ReactElement;
  parameters?: { trama?: StoryParameters };
}

interface StoryFile {
  default: Story & { title: string; component: ComponentType<Record<string, unknown>> };
  [name: string]: Story;
}

const folder = path.join(__dirname, '../../stories');
const files = readdirSync(folder).filter((name) => name.endsWith('.stories.tsx'));
const looks: { locale: Locale; theme: 'light' | 'dark' }[] = [
  { locale: 'it', theme: 'light' },
  { locale: 'en', theme: 'dark' },
];

expect.extend(toHaveNoViolations);
beforeEach(stopClock);
afterEach(() => jest.useRealTimers());

/** What Storybook does with a story: arguments, parameters and frame put together. */
function compose(
  { default: meta, ...stories }: StoryFile,
  name: string,
): { element: ReactElement; trama: StoryParameters } {
  const story = stories[name] ?? {};
  const args = { ...meta.args, ...story.args };
  const draw = story.render ?? meta.render;
  return {
    element: draw ? draw(args) : createElement(meta.component, args),
    trama: story.parameters?.trama ?? meta.parameters?.trama ?? {},
  };
}

describe.each(files)('%s', (file) => {
  const module = require(path.join(folder, file)) as StoryFile;
  const names = Object.keys(module).filter((name) => name !== 'default' && name !== '__esModule');

  describe.each(names)('%s', (name) => {
    it.each(looks)('is accessible and fully worded in $locale, $theme', async ({ locale, theme }) => {
      const errors = jest.spyOn(console, 'error').mockImplementation(() => {});
      const { element, trama } = compose(module, name);
      const { baseElement } = render(
        <StoryFrame locale={locale} theme={theme} trama={trama}>
          {element}
        </StoryFrame>,
      );
      // Everything the story's server answers is answered within one turn of the event loop.
      await act(() => new Promise((resolve) => setTimeout(resolve)));
      expect(await axe(baseElement, { resultTypes: ['violations'] })).toHaveNoViolations();
      expect(baseElement.textContent).not.toMatch(
        /undefined|NaN|\[object |Invalid Date|(?<!\{)\{\w+\}(?!\})/,
      );
      // The canvas measures itself in animation frames of its own, outside of what a test can wrap.
      const told = errors.mock.calls
        .map(([message]) => String(message))
        .filter((message) => !message.includes('act('));
      expect(told).toEqual([]);
      errors.mockRestore();
    });
  });
});
