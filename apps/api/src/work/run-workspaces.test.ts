/** The note of a run's workspace file, where the data folder takes none. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError } from '@switchyard/shared';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/test-server.ts';
import { rememberWorkspace } from './run-workspaces.ts';

test('a folder that cannot be written to is a failure that says so, not a crash', () => {
  const folder = temporaryFolder();
  try {
    writeFileSync(join(folder.path, 'run-workspaces'), 'a file where a folder should be');
    const remember = () => rememberWorkspace(folder.path, 'r1', '/flows/workspace.json');
    expect(remember).toThrow(FailureError);
    expect(remember).toThrow(/cannot be written to: .* The run was not begun\./);
  } finally {
    folder.remove();
  }
});
