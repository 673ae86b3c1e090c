/** What an error of the server carries besides its message. */
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '@switchyard/api/router';
import type { Diagnostic, Flow } from '@switchyard/shared';

type ServerError = TRPCClientError<AppRouter>;

function serverError(error: unknown): ServerError | undefined {
  return error instanceof TRPCClientError ? (error as ServerError) : undefined;
}

/** The HTTP status, or undefined where the server was not reached. */
export function httpStatusOf(error: unknown): number | undefined {
  return serverError(error)?.data?.httpStatus;
}

/** Mistakes in the document or the inputs, for which the server refused. */
export function diagnosticsOf(error: unknown): Diagnostic[] {
  return serverError(error)?.data?.diagnostics ?? [];
}

/** The flow as another saved it, where a save was refused as stale. */
export function conflictOf(error: unknown): { revision: number; flow: Flow } | undefined {
  return serverError(error)?.data?.conflict;
}

/** The message for people; says so where the server was not reached at all. */
export function messageOf(error: unknown): string {
  const known = serverError(error);
  if (known && !known.data) return 'The server cannot be reached. Check that it runs, then try again.';
  return error instanceof Error ? error.message : String(error);
}
