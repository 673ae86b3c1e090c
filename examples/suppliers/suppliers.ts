/** The server `suppliers/api`: a real GraphQL API on a free loopback port, which tells what a shop has and who delivers it. It has queries only. */
import type { ExampleServer } from '@switchyard/shared';
import { listen } from '../listen.ts';

const typeDefinitions = `
  type Supplier { name: String!, city: String!, delivery_days: Int!, items: [Item!]! }
  type Item { number: ID!, name: String!, price: Float!, stock: Int!, supplier: Supplier! }
  type Stock { pieces: Int!, value: Float! }
  type Query {
    "One item by its number: name, price, stock, and its supplier"
    item("Number of the item, such as I-101" number: ID!): Item
    "The supplier in a city: name, delivery days, and its items"
    supplier("Name of the city, such as Lyon" city: String!): Supplier
    "What is in stock in all: pieces, and their value"
    stock: Stock!
  }
`;

interface Supplier {
  name: string;
  city: string;
  delivery_days: number;
  items(): Item[];
}

interface Item {
  number: string;
  name: string;
  price: number;
  stock: number;
  supplier: Supplier;
}

function makeItems(): Item[] {
  const items: Item[] = [];
  const supplier = (name: string, city: string, delivery_days: number): Supplier => {
    const made: Supplier = { name, city, delivery_days, items: () => items.filter((item) => item.supplier === made) };
    return made;
  };
  const foundry = supplier('Fonderie Morel', 'Lyon', 6);
  const joiner = supplier('Van Acker Joinery', 'Ghent', 21);
  const weaver = supplier('Serra Weavers', 'Porto', 9);
  items.push(
    { number: 'I-101', name: 'Brass lamp', price: 54.9, stock: 31, supplier: foundry },
    { number: 'I-102', name: 'Oak desk', price: 329, stock: 7, supplier: joiner },
    { number: 'I-103', name: 'Wool blanket', price: 79.5, stock: 112, supplier: weaver },
    { number: 'I-104', name: 'Linen curtain', price: 48, stock: 64, supplier: weaver },
    { number: 'I-105', name: 'Paper lantern', price: 12.5, stock: 240, supplier: foundry },
    { number: 'I-106', name: 'Ash stool', price: 89, stock: 12, supplier: joiner },
  );
  return items;
}

/** What is not there is told as an error of the query: whoever asked reads what to ask instead. */
function known<T>(found: T | undefined, otherwise: string): T {
  if (found === undefined) throw new Error(otherwise);
  return found;
}

/** `POST /graphql`. */
export const suppliersServer: ExampleServer = {
  type: 'graphql',
  async start() {
    // Only a flow that asks it needs them.
    const [{ buildSchema, execute, parse, validate }, { createHandler }] = await Promise.all([import('graphql'), import('graphql-http/lib/use/http')]);
    const items = makeItems();
    const handler = createHandler({
      schema: buildSchema(typeDefinitions),
      rootValue: {
        item: ({ number }: { number: string }) =>
          known(
            items.find((item) => item.number === number),
            `No item has the number "${number}". Numbers look like I-101.`,
          ),
        supplier: ({ city }: { city: string }) => known(items.find(({ supplier }) => supplier.city === city)?.supplier, `No supplier is in "${city}".`),
        stock: () => ({
          pieces: items.reduce((sum, { stock }) => sum + stock, 0),
          value: items.reduce((sum, { price, stock }) => sum + price * stock, 0),
        }),
      },
      // The handler may find another build of graphql than this file does, as under a development condition, and one does not take the other's schema.
      parse: (source) => parse(source),
      validate: (against, document) => validate(against, document),
      execute: (asked) => execute(asked),
    });
    const server = await listen((request, response) => {
      handler(request, response).catch(() => response.destroy());
    });
    return { ...server, connection: { type: 'graphql', url: `${server.baseUrl}/graphql` } };
  },
};
