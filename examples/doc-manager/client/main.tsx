import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'trama/styles.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/pages.css';
import { App } from './app';
import { PreferencesProvider } from './preferences';

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <PreferencesProvider>
      <App />
    </PreferencesProvider>
  </StrictMode>,
);
