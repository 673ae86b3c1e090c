/** The contracts of the engine. The parts stand behind their own entries: nodes, compile, run, adapters, testing. */
export * from './node.ts';
export * from './host.ts';
export * from './port.ts';
export * from './plan.ts';
export * from './schema.ts';
export * from './flow-ports.ts';
export { configFields, type ConfigField } from './config-fields.ts';
