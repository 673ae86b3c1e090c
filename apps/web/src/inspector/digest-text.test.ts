import { expect, test } from 'vitest';
import { seenDataLayer, seenTools } from './digest-text.ts';

const system = (text: string) => ({
  model: 'm',
  messages: [
    { role: 'system', text },
    { role: 'user', text: 'Hello' },
  ],
});

test('the catalogue is found in what the model was told first, with what it may cost', () => {
  const digest = { nodes: { orders: { title: 'Shop orders', catalogue: { tables: [] } } } };
  const text = JSON.stringify(digest);
  const seen = seenDataLayer(system(`Answer.\n\nCatalogue of the data layer:\n<data source="catalogue">\n${text}\n</data>\n\nMore.`));
  expect(seen).toEqual({ digest, tokens: Math.ceil(text.length / 4) });
});

test('without one there is nothing to show, and what is no JSON stays text', () => {
  expect(seenDataLayer(system('Answer.'))).toBeUndefined();
  expect(seenDataLayer(null)).toBeUndefined();
  expect(seenDataLayer(system('Catalogue of the data layer:\n<data source="catalogue">\n{"cut'))?.digest).toBe('{"cut');
});

test('the tools are told as they are given, with what they may cost', () => {
  const tools = [{ name: 'shop_query', description: 'Asks', parameters: { type: 'object' } }];
  expect(seenTools({ messages: [], tools })).toEqual({ list: tools, tokens: Math.ceil(JSON.stringify(tools).length / 4) });
  expect(seenTools({ messages: [], tools: [] })).toBeUndefined();
  expect(seenTools(null)).toBeUndefined();
});
