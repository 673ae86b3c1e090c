/** Builds the interface into dist/. Nothing inline and no eval, so that the server's content security policy can stay strict. */
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type ProxyOptions } from 'vite';

/** To the server that runs beside `npm run dev`. It knows its own pages by their origin, which a page of the development server does not have. */
const toServer: ProxyOptions = {
  target: process.env.SWITCHYARD_API ?? 'http://127.0.0.1:4680',
  changeOrigin: true,
  configure: (proxy) => void proxy.on('proxyReq', (request) => request.removeHeader('origin')),
};

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
  server: { proxy: { '/trpc': toServer, '/login': toServer, '/health': toServer } },
});
