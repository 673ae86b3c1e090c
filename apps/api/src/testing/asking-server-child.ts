/** A real server in a process of its own, with the kind that asks a person: `node asking-server-child.ts DATA [DATABASE]` prints its address. */
import { serve } from '../build-server.ts';
import { askingKinds } from './asking-flow.ts';

const [dataFolder = '', databaseUrl] = process.argv.slice(2);
const serving = await serve(
  { port: 0, host: '127.0.0.1', dataFolder, ...(databaseUrl !== undefined && { distributed: { databaseUrl, remotePools: [] } }) },
  { registry: askingKinds, environment: {}, version: '0.0.0', interfaceFolder: `${dataFolder}/no-interface` },
);
process.stdout.write(`${serving.url}\n`);
