/** The request that an operation of a description and its arguments make. A value can never become a part of the path's shape. */
import { FailureError, failure, type DescribedOperation, type FetchRequest, type Json, type JsonObject } from '@switchyard/shared';

/** Throws `request-invalid` where a hole of the path has nothing to fill it. */
export function buildRequest(operation: DescribedOperation, args: JsonObject): Omit<FetchRequest, 'connection'> {
  const given = operation.parameters.flatMap((parameter) => {
    const value = Object.hasOwn(args, parameter.property) ? args[parameter.property] : undefined;
    return value === undefined || value === null ? [] : [{ ...parameter, value }];
  });
  const query = new URLSearchParams();
  for (const { in: place, name, value } of given)
    if (place === 'query') for (const item of Array.isArray(value) ? value : [value]) query.append(name, textOf(item));
  const headers = Object.fromEntries(given.filter((each) => each.in === 'header').map(({ name, value }) => [name, textOf(value)]));
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (hole, name: string) => {
    const text = textOf(given.find((each) => each.in === 'path' && each.name === name)?.value ?? '');
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
    ...(Object.hasOwn(args, 'body') && { body: args.body as Json }),
  };
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
