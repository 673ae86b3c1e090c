/** What a driver under test gives to the conformance cases. */
import type { Json, RunEventBody } from '@switchyard/shared';
import type { Host } from '../../../host.ts';
import type { RunPort } from '../../../port.ts';
import type { HandSettledHost } from '../../../testing/hand-settled-host.ts';
import type { JournalEntry } from '../journal.ts';

/** One life of a run. */
export interface Life {
  port: RunPort;
  /** What it told so far. */
  events: RunEventBody[];
  /** Tells the run of an outside event; resolves once it is kept, as durably as the driver keeps anything. */
  signal(name: string, payload?: Json): Promise<void>;
  /** Resolves once what was recorded is durable. */
  settled(): Promise<void>;
  crash(): Promise<void>;
  /** Ends the run for good. */
  end(): Promise<void>;
}

/** A driver on a place of its own, with pools that all its runs share. */
export interface DriverUnderTest {
  begin(run: string): Promise<Life>;
  /** What is durable of a run now. */
  journal(run: string): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

export interface DriverToTest {
  name: string;
  /** Whether a run outlives its process. */
  isDurable: boolean;
  open(host: Host): Promise<DriverUnderTest>;
}

/** What the cases work with. */
export interface Suite {
  begin(run?: string): Promise<Life & { run: string }>;
  host(): HandSettledHost;
  opened(): DriverUnderTest;
  /** With pools that allow so many calls at once. */
  reopen(concurrency: number): Promise<void>;
}
