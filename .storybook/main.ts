import type { StorybookConfig } from '@storybook/react-vite';

const config: StorybookConfig = {
  stories: ['../stories/**/*.stories.tsx'],
  addons: ['@storybook/addon-a11y'],
  framework: '@storybook/react-vite',
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // The other reader of prop types needs the TypeScript compiler's JavaScript API, which TypeScript 7 no longer has.
  typescript: { reactDocgen: 'react-docgen' },
};

export default config;
