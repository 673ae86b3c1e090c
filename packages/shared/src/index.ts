/** The words both sides speak. */
export * from './json.ts';
export * from './flow.ts';
export * from './secret-ref.ts';
export * from './connections/index.ts';
export * from './workspace.ts';
export * from './diagnostic.ts';
export * from './failure.ts';
export * from './call.ts';
export * from './run-event.ts';
export * from './seed.ts';
export * from './run-view.ts';
export * from './read-document.ts';
export * from './canonical.ts';
export * from './json-schema.ts';
export * from './model-tier.ts';
export * from './example.ts';
export * from './sql-text.ts';
