import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { compress } from './build/compress.js';

/** Where `npm run dev` finds a running Keytrail. */
const api = process.env['KEYTRAIL_URL'] ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), compress()],
  // Packages of this repository from their sources, so that nothing has to be built first.
  resolve: { conditions: ['@keytrail/source', ...defaultClientConditions] },
  build: {
    // Fonts and images as files of their own: the Content-Security-Policy allows no data: fonts.
    assetsInlineLimit: 0,
    // One style sheet, so that no page is ever seen unstyled while its own is on the way.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  server: {
    proxy: { '/v1': api, '/api': api, '/openapi.json': api, '/docs': api },
  },
});
