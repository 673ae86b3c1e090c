/** The tools of the server as they were read before this example shipped, as testing a connection keeps them. What the server says otherwise of a tool is refused until it is read and written here. */
import type { AcceptedTool, Json } from '@switchyard/shared';

const $schema = 'http://json-schema.org/draft-07/schema#';
const day: Json = { type: 'string', pattern: String.raw`^\d{4}-\d{2}-\d{2}$`, description: 'The day, such as 2026-07-01' };
const people: Json = { type: 'integer', minimum: 1, maximum: 1000, description: 'How many people come' };
const room: Json = { type: 'string', description: 'Name of the room, such as Garden' };

export const accepted: Record<string, AcceptedTool> = {
  find_rooms: {
    description: 'The rooms that are free on a day and have seats for so many people',
    input: { type: 'object', properties: { day, people }, required: ['day', 'people'], $schema },
    isReading: true,
    isIdempotent: false,
  },
  book_room: {
    description: 'Books a room for a day',
    input: { type: 'object', properties: { room, day, people }, required: ['room', 'day', 'people'], $schema },
    isReading: false,
    isIdempotent: true,
  },
};
