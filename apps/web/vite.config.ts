/** Builds the interface into dist/. Nothing inline and no eval, so that the server's content security policy can stay strict. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    // light-dark() and color-mix() as written; older browsers would need a copy of every token.
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  server: {
    // `npm run dev` beside a running server: SWITCHYARD_API names its address.
    proxy: Object.fromEntries(['/trpc', '/login', '/health'].map((path) => [path, process.env.SWITCHYARD_API ?? 'http://127.0.0.1:4680'])),
  },
});
