/** Why a procedure refuses, as data that reaches the browser beside the message. The error formatter in trpc.ts is the one place that translates it. */
import type { Diagnostic, Flow } from '@switchyard/shared';

export interface RefusalData {
  diagnostics?: Diagnostic[];
  conflict?: { revision: number; flow: Flow };
}

/** The cause of a TRPCError that carries data. */
export class Refusal extends Error {
  readonly data: RefusalData;
  constructor(message: string, data: RefusalData) {
    super(message);
    this.name = 'Refusal';
    this.data = data;
  }
}
