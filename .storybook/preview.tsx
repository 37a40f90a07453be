import type { Preview } from '@storybook/react-vite';
import { StoryFrame, type StoryParameters } from '../stories/support/story-frame';
import '../src/components/styles/index.css';
import './preview.css';

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    controls: { disable: true },
    actions: { disable: true },
    a11y: { test: 'error' },
    options: { storySort: { order: ['Pages', 'Builder', 'Runs', 'Integrations', 'Shared'] } },
  },
  globalTypes: {
    theme: {
      description: 'Theme',
      toolbar: {
        icon: 'mirror',
        dynamicTitle: true,
        items: [
          { value: 'light', title: 'Light' },
          { value: 'dark', title: 'Dark' },
        ],
      },
    },
    locale: {
      description: 'Language',
      toolbar: {
        icon: 'globe',
        dynamicTitle: true,
        items: [
          { value: 'it', title: 'Italiano' },
          { value: 'en', title: 'English' },
        ],
      },
    },
  },
  initialGlobals: { theme: 'light', locale: 'it' },
  decorators: [
    (Story, { globals, parameters }) => (
      <StoryFrame
        theme={globals.theme === 'dark' ? 'dark' : 'light'}
        locale={globals.locale === 'en' ? 'en' : 'it'}
        trama={(parameters.trama ?? {}) as StoryParameters}
      >
        <Story />
      </StoryFrame>
    ),
  ],
};

export default preview;
