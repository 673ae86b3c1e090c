/**
 * A process to be killed: goes on with one run of lanes on a driver, notes each effect in a file the moment it is made, and prints `done`.
 * Arguments: driver, place, run, file of effects.
 */
import { appendFileSync } from 'node:fs';
import type { Host } from '../../../host.ts';
import type { DriverToTest } from './driver-to-test.ts';
import { killedLanes, lanes } from './programs.ts';

const [driverName = '', place = '', run = '', effects = ''] = process.argv.slice(2);

const host: Host = {
  pool: () => ({ concurrency: 8 }),
  async perform(call) {
    appendFileSync(effects, `${process.pid} ${String(call.request).split(' ')[0]}\n`);
    // The order in which lanes get on differs from life to life: that is the point.
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 25));
    return { result: `${String(call.request).split(' ')[0]} done` };
  },
};

const drivers: Readonly<Record<string, () => Promise<DriverToTest>>> = {
  sqlite: async () => (await import('./embedded-drivers.ts')).sqliteDriver(() => place),
  dbos: async () => (await import('./dbos-driver.ts')).dbosDriver(() => place),
};

const driver = await drivers[driverName]?.();
if (!driver) throw new Error(`There is no driver "${driverName}" to be killed with`);
const opened = await driver.open(host);
const { port, settled } = await opened.begin(run);
process.stdout.write('begun\n');
const answers = await lanes(port, killedLanes);
await settled();
process.stdout.write(`done ${JSON.stringify(answers)}\n`);
process.exit(0);
