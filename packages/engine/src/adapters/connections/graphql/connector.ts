/** GraphQL APIs: introspection is the catalogue, and `run` sends one document with its variables, checked before it leaves. */
import { FailureError, failure, isJsonObject, type GraphqlCatalogue, type Json, type JsonObject } from '@switchyard/shared';
import type { Connector, ConnectorCall } from '../connector.ts';
import { apiOf } from '../http/api-of.ts';
import { performFetch } from '../http/perform-fetch.ts';
import { checkDocument } from './check-document.ts';

export const graphqlConnector: Connector<'graphql'> = {
  type: 'graphql',
  async open(connection, means) {
    const { name } = means;
    const { origin, pathname, search } = new URL(connection.url);
    const api = apiOf({ ...connection, baseUrl: origin }, means);
    const send = async (document: string, variables: JsonObject, call: ConnectorCall): Promise<JsonObject> => {
      const request = { connection: name, method: 'POST', path: pathname + search, body: { query: document, variables } };
      const { body } = await performFetch(api, request, call);
      return dataOf(body, name);
    };
    const catalogue = async (call: ConnectorCall): Promise<GraphqlCatalogue> => {
      const [{ buildClientSchema, getIntrospectionQuery }, { operationsOf }] = await Promise.all([import('graphql'), import('./operations-of.ts')]);
      const told = await send(getIntrospectionQuery({ descriptions: true }), {}, call);
      try {
        return { operations: operationsOf(buildClientSchema(told as never)) };
      } catch (error) {
        throw new FailureError(
          failure('description-invalid', `Connection "${name}" describes itself in a way that cannot be read (${String(error).slice(0, 200)}).`),
        );
      }
    };
    return {
      catalogue,
      async connect({ action, arguments: args }, call) {
        if (action !== 'run' || typeof args.document !== 'string')
          throw new FailureError(failure('action-unknown', `Connection "${name}" can only run a document.`));
        await checkDocument(args.document, call.effect);
        return await send(args.document, isJsonObject(args.variables ?? null) ? (args.variables as JsonObject) : {}, call);
      },
      async check(call) {
        const { operations } = await catalogue(call);
        return `It answers and has ${operations.length} ${operations.length === 1 ? 'operation' : 'operations'}.`;
      },
      close: () => Promise.resolve(),
    };
  },
};

function dataOf(body: Json, name: string): JsonObject {
  const { data = null, errors } = isJsonObject(body) ? body : {};
  if (Array.isArray(errors) && errors.length > 0) {
    const told = errors
      .slice(0, 5)
      .map((error) => (isJsonObject(error) && typeof error.message === 'string' ? error.message.slice(0, 300) : 'an error without a message'));
    throw new FailureError(failure('graphql-error', `Connection "${name}" answered with errors: ${told.join(' ')} Correct the query or its variables.`));
  }
  if (isJsonObject(data)) return data;
  throw new FailureError(failure('response-malformed', `Connection "${name}" answered with what is no GraphQL answer. Check its address.`));
}
