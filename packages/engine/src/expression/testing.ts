/** For the tests of expressions and templates. */
import { FailureError } from '@switchyard/shared';
import { expect } from 'vitest';
import { ExpressionError } from '../expression.ts';

export function failureOf(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('It did not fail');
}

export function errorOf(work: () => unknown): ExpressionError {
  try {
    work();
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error('It parsed');
}

/** A generous bound: what it stands against would take minutes, hours or the whole memory. */
export function quickly<T>(work: () => T): T {
  const started = performance.now();
  try {
    return work();
  } finally {
    expect(performance.now() - started).toBeLessThan(5_000);
  }
}
