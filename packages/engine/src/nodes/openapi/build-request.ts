/** The request that an operation of a description and its arguments make. A value can never become a part of the path's shape. */
import { FailureError, failure, type DescribedOperation, type FetchRequest, type Json, type JsonObject } from '@switchyard/shared';
import { encodeBody } from './encode-body.ts';
import { pairsOf } from './encode-values.ts';

/** Throws `request-invalid` where a hole of the path has nothing to fill it. */
export function buildRequest(operation: DescribedOperation, args: JsonObject): Omit<FetchRequest, 'connection'> {
  const given = operation.parameters.flatMap((parameter) => {
    const value = Object.hasOwn(args, parameter.property) ? args[parameter.property] : undefined;
    return value === undefined || value === null ? [] : [{ ...parameter, value }];
  });
  const query = new URLSearchParams();
  for (const { in: place, name, value, style = 'repeat' } of given)
    if (place === 'query') for (const [key, text] of pairsOf(name, value, style)) query.append(key, text);
  const body = Object.hasOwn(args, 'body') ? encodeBody(operation, args.body as Json) : {};
  const named = given.filter((each) => each.in === 'header').map(({ name, value, style }) => [name, onOneLine(name, value, style)]);
  const headers: Record<string, string> = { ...Object.fromEntries(named), ...body.headers };
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (hole, name: string) => {
    const parameter = given.find((each) => each.in === 'path' && each.name === name);
    const text = parameter ? onOneLine(name, parameter.value, parameter.style) : '';
    if (text === '')
      throw new FailureError(
        failure('request-invalid', `The path ${operation.path} of "${operation.name}" has nothing to fill ${hole} with. Give a value for it.`),
      );
    return encodeURIComponent(text.toWellFormed());
  });
  return {
    method: operation.method,
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body.body !== undefined && { body: body.body }),
  };
}

/** In a path or a header: a list joined by commas, an object as its names and values in turn. */
function onOneLine(name: string, value: Json, style: DescribedOperation['parameters'][number]['style']): string {
  return pairsOf(name, value, style ?? 'comma')[0]?.[1] ?? '';
}
