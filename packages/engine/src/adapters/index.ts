/** Adapters: how calls are really made and recorded. The only folder that knows node:* or a vendor. */
export * from './host.ts';
export * from './egress/index.ts';
export { createRedactor, createTextRedactor, type Redactor, type TextRedactor } from './redact.ts';
export * from './models/index.ts';
export * from './drivers/index.ts';
