/** For tests: flows run with canned or hand-settled calls, and a model server that speaks the real protocol. */
export * from './testing/hand-settled-host.ts';
export * from './testing/test-run.ts';
export * from './testing/servers/scripted-model-server.ts';
export * from './testing/posting-flow.ts';
export * from './testing/servers/certificates.ts';
export * from './testing/servers/postgres-server.ts';
export * from './testing/servers/redis-server.ts';
export * from './testing/thorough.ts';
export * from './testing/random-flow.ts';
export * from './testing/reference-run.ts';
export * from './testing/servers/tool-server.ts';
