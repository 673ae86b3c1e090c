/** Who may import whom (docs/architecture.md). A rule's comment is the reason it gives when it is broken. */
const engine = '^packages/engine/src/';
const web = '^apps/web/src/';
const test = '[.](test|spec)[.]tsx?$';
const fence = (name, comment, from, to) => ({ name, comment, severity: 'error', from: typeof from === 'string' ? { path: from, pathNot: test } : from, to });

module.exports = {
  forbidden: [
    fence(
      'no-cycles',
      'Modules that import one another cannot be read, tested or moved one by one.',
      { pathNot: 'node_modules' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    fence('shared-stands-alone', 'shared is the words both sides speak: it imports zod and nothing else.', '^packages/shared/src/', {
      pathNot: ['^packages/shared/', 'node_modules/zod'],
    }),
    fence(
      'rooms-touch-only-their-contract',
      'A room reaches the world only through its context, so that it loads in the browser and every effect is journaled.',
      `${engine}nodes/[^/]+/`,
      { path: [`${engine}(?!(node|expression|schema|port)[.]ts$|nodes/)`, '^apps/'], dependencyTypesNot: ['type-only'] },
    ),
    fence(
      'rooms-do-not-visit',
      'A kind is one folder: rooms share contracts, not code.',
      { path: `${engine}nodes/([^/]+)/`, pathNot: test },
      { path: `${engine}nodes/[^/]+/`, pathNot: `${engine}nodes/$1/` },
    ),
    fence('compile-is-pure', 'compile runs in the browser too: no adapters, no interpreter, no rooms (the registry is an argument).', `${engine}compile/`, {
      path: [`${engine}(adapters|run|nodes)/`, `${engine}host[.]ts`],
    }),
    fence('run-knows-no-kind', 'run executes plans: kinds come as a registry, effects through the port.', `${engine}run/`, {
      path: [`${engine}(adapters|compile|nodes)/`, `${engine}host[.]ts`],
    }),
    fence('adapters-know-contracts-only', 'adapters implement host.ts and port.ts; what they serve is an argument.', `${engine}adapters/`, {
      path: `${engine}(run|compile|nodes)/`,
    }),
    fence(
      'only-adapters-know-node',
      'node:* is the affair of adapters and the server, so that the rest loads in a browser too.',
      { path: [engine, '^packages/shared/src/', web], pathNot: [`${engine}(adapters|testing)/`, test, `${engine}testing[.]ts`] },
      { dependencyTypes: ['core'] },
    ),
    fence(
      'only-adapters-know-vendors',
      'A vendor is the affair of an adapter alone, so that it can be exchanged.',
      { path: engine, pathNot: [`${engine}(adapters|testing)/`, test, `${engine}testing[.]ts`] },
      { path: 'node_modules/(undici|@ai-sdk|quickjs|pg|mysql2|@dbos-inc)' },
    ),
    fence('web-stays-in-the-browser', 'The browser has no business with performers, drivers or the server: it asks over tRPC.', web, {
      path: [`${engine}(run|adapters)/`, '^apps/api/'],
      dependencyTypesNot: ['type-only'],
    }),
    fence(
      'editor-has-no-react',
      'The document and its changes are pure, so that they are tested without a screen.',
      { path: `${web}editor/`, pathNot: test },
      { path: 'node_modules/(react|react-dom|@xyflow)/' },
    ),
    fence(
      'panels-do-not-meet',
      'canvas, inspector, run and trace meet in app/, so that each can change alone.',
      { path: `${web}(canvas|inspector|trace)/`, pathNot: test },
      { path: `${web}(canvas|inspector|trace)/`, pathNot: `${web}$1/` },
    ),
    fence('ui-knows-nothing', 'ui is buttons and panels: it knows nothing of flows.', `${web}ui/`, {
      path: ['^packages/', '^apps/'],
      pathNot: `${web}ui/`,
      dependencyTypesNot: ['type-only'],
    }),
    fence(
      'tests-are-not-shipped',
      'Code that runs in the product never imports a test or what is for tests only.',
      { path: '^(packages|apps)/', pathNot: [test, `${engine}testing`, '/testing/', '/drivers/conformance/'] },
      { path: [test, `${engine}testing`, '/drivers/conformance/'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '[.]cache/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
