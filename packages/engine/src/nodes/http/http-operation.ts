/** One operation of an API: its free variables, whether it reads or writes, and what can be wrong with it. */
import { isJsonObject, isPortName, type Json, type Pagination, type Schema } from '@switchyard/shared';
import { ExpressionError, parseTemplate, templateVariables } from '../../expression.ts';

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

export interface HttpOperation {
  name: string;
  description: string;
  method: (typeof methods)[number];
  path: string;
  query?: Record<string, string> | undefined;
  headers?: Record<string, string> | undefined;
  body?: Json | undefined;
  params: Record<string, Schema>;
  output?: Schema | undefined;
  effect?: 'read' | 'write' | undefined;
  idempotent?: boolean | undefined;
  pagination?: { [Name in keyof Pagination]: Pagination[Name] | undefined } | undefined;
}

export function effectOf({ effect, method }: Pick<HttpOperation, 'effect' | 'method'>): 'read' | 'write' {
  return effect ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'write');
}

/** Free variables of every template in it, in the order they first appear: path, query, headers, body. */
export function operationVariables(operation: HttpOperation): string[] {
  return [...new Set(templatesOf(operation).flatMap(templateVariables))];
}

/** Mistakes that the config's schema cannot say. */
export function operationProblems(operation: HttpOperation): string[] {
  const { name, path, method, body, params } = operation;
  const variables = operationVariables(operation);
  return [
    ...(path.startsWith('/') ? [] : [`The path of operation "${name}" must begin with "/": it is joined to the base URL of the connection.`]),
    ...(/^\/\/|\\|#|^[^{?]*\/\.\.?(\/|$)/.test(path)
      ? [`The path of operation "${name}" must stay below the base URL: no "//" at its start, no "..", no backslash and no "#".`]
      : []),
    ...((method === 'GET' || method === 'HEAD') && body !== undefined
      ? [`Operation "${name}" is a ${method}, which takes no body. Use the query, or another method.`]
      : []),
    ...(operation.pagination && effectOf(operation) === 'write' ? [`Operation "${name}" writes, and only a read comes in pages. Leave its pages out.`] : []),
    ...bodyTemplates(body ?? null).flatMap((text) => templateProblem(name, text)),
    ...variables
      .filter((variable) => !isPortName(variable))
      .map((variable) => `The name "${variable}" in operation "${name}" cannot be an input. Name it otherwise.`),
    ...Object.keys(params)
      .filter((param) => !variables.includes(param))
      .map((param) => `Operation "${name}" describes the parameter "${param}", but no hole of it has {{${param}}}.`),
  ];
}

function templatesOf({ path, query = {}, headers = {}, body = null }: HttpOperation): string[] {
  return [path, ...Object.values(query), ...Object.values(headers), ...bodyTemplates(body)];
}

function bodyTemplates(body: Json): string[] {
  if (typeof body === 'string') return [body];
  if (Array.isArray(body)) return body.flatMap(bodyTemplates);
  return isJsonObject(body) ? Object.values(body).flatMap(bodyTemplates) : [];
}

/** Templates in settings of their own are checked by compile; those within a body are free text to it. */
function templateProblem(name: string, text: string): string[] {
  try {
    parseTemplate(text);
    return [];
  } catch (error) {
    if (error instanceof ExpressionError) return [`In the body of operation "${name}": ${error.message}`];
    throw error;
  }
}
