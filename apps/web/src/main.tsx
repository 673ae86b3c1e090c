/** The beginning of the interface. */
import './zod-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { boot } from './app/boot.ts';
import { PartBoundary } from './ui/part-boundary.tsx';
import './theme.css';

// Libraries that lock scrolling behind dialogs add a style element; the server names the nonce that its policy allows.
const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content;
if (nonce) Object.defineProperty(globalThis, '__webpack_nonce__', { value: nonce });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');
createRoot(root).render(
  <StrictMode>
    <PartBoundary>
      <App />
    </PartBoundary>
  </StrictMode>,
);
void boot();
