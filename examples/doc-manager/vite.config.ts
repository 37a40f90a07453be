import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const source = resolve(import.meta.dirname, '../../src');

/** In a project of your own `npm i trama` stands where these aliases do. */
export default defineConfig({
  root: resolve(import.meta.dirname, 'client'),
  plugins: [react()],
  resolve: {
    alias: [
      { find: 'trama/styles.css', replacement: `${source}/components/styles/index.css` },
      { find: /^trama\/(core|blocks)$/, replacement: `${source}/$1/index.ts` },
      { find: /^trama$/, replacement: `${source}/index.ts` },
    ],
  },
  build: { outDir: resolve(import.meta.dirname, 'dist'), emptyOutDir: true, chunkSizeWarningLimit: 1500 },
});
