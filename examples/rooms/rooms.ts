/** The server `rooms/tools`: an MCP server of the official package, over HTTP on a free loopback port, that knows meeting rooms and books them. Starts anew, with nothing booked, with each process. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { ExampleServer } from '@switchyard/shared';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { accepted } from './accepted.ts';

const rooms = [
  { room: 'Garden', seats: 6, floor: 0 },
  { room: 'Loft', seats: 12, floor: 4 },
  { room: 'Library', seats: 4, floor: 1 },
  { room: 'Harbour', seats: 20, floor: 2 },
];
const mostBookings = 1000;

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('The day, such as 2026-07-01');
const people = z.int().min(1).max(1000).describe('How many people come');
const room = z.string().describe('Name of the room, such as Garden');

/** Who has a room on a day, by `day room`. */
type Bookings = Map<string, { room: string; day: string; people: number }>;

function addTools(server: McpServer, bookings: Bookings): void {
  server.registerTool(
    'find_rooms',
    {
      description: 'The rooms that are free on a day and have seats for so many people',
      inputSchema: { day, people },
      annotations: { readOnlyHint: true },
    },
    (asked) => told(rooms.filter((each) => each.seats >= asked.people && !bookings.has(`${asked.day} ${each.room}`))),
  );
  server.registerTool(
    'book_room',
    { description: 'Books a room for a day', inputSchema: { room, day, people }, annotations: { idempotentHint: true } },
    (asked) => {
      const known = rooms.find((each) => each.room === asked.room);
      if (!known) return refused(`There is no room "${asked.room}". There are ${rooms.map((each) => each.room).join(', ')}.`);
      if (known.seats < asked.people) return refused(`${known.room} has ${known.seats} seats, too few for ${asked.people}. Find a larger room.`);
      if (bookings.has(`${asked.day} ${known.room}`)) return refused(`${known.room} is booked on ${asked.day} already. Find another room.`);
      if (bookings.size >= mostBookings) return refused(`No more than ${mostBookings} bookings are kept.`);
      bookings.set(`${asked.day} ${known.room}`, asked);
      return told({ booked: known.room, day: asked.day, people: asked.people });
    },
  );
}

function told(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}

function refused(why: string) {
  return { content: [{ type: 'text' as const, text: why }], isError: true };
}

/** Two tools: `find_rooms` reads, `book_room` changes something. */
export const roomsServer: ExampleServer = {
  type: 'mcp',
  async start() {
    // Only a flow that calls it needs them.
    const [{ McpServer: Server }, { StreamableHTTPServerTransport: Transport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/server/mcp.js'),
      import('@modelcontextprotocol/sdk/server/streamableHttp.js'),
    ]);
    const bookings: Bookings = new Map();
    // Each request has a server of its own, which is the protocol's way without sessions; only the bookings stay.
    const server = await listen((request, response) => {
      const tools = new Server({ name: 'rooms', version: '1.0.0' });
      addTools(tools, bookings);
      const transport = new Transport({});
      tools
        .connect(transport as Parameters<McpServer['connect']>[0])
        .then(() => transport.handleRequest(request, response))
        .catch(() => response.destroy());
    });
    return { ...server, connection: { type: 'mcp', url: `${server.baseUrl}/mcp`, accepted } };
  },
};
