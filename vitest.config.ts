import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.{ts,tsx}', 'apps/**/*.test.{ts,tsx}', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    setupFiles: ['./vitest.setup.ts'],
    // The whole of the proofs takes longer than their subset.
    testTimeout: process.env.SWITCHYARD_THOROUGH === '1' ? 900_000 : 20_000,
    hookTimeout: 30_000,
    // Two cores are the machine we promise to be quick on; more workers only make the timings of the others worse.
    maxWorkers: 2,
  },
});
