/** Which workspace file a run of the command line needs, noted in the data folder while the run is open, so that it can be resumed with the same. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FailureError, failure } from '@switchyard/shared';

function noteFile(folder: string, run: string): string {
  return join(folder, 'run-workspaces', run);
}

/** `workspaceFile` is absolute. Throws a FailureError where it cannot be written, as on a full disk. */
export function rememberWorkspace(folder: string, run: string, workspaceFile: string): void {
  try {
    mkdirSync(join(folder, 'run-workspaces'), { recursive: true, mode: 0o700 });
    writeFileSync(noteFile(folder, run), workspaceFile, { mode: 0o600, flush: true });
  } catch (error) {
    const why = `The data folder ${folder} cannot be written to: ${(error as Error).message}.`;
    throw new FailureError(failure('data-folder-unusable', `${why} The run was not begun. See to the disk, or choose another folder with --data.`));
  }
}

export function forgetWorkspace(folder: string, run: string): void {
  rmSync(noteFile(folder, run), { force: true });
}

export function rememberedWorkspace(folder: string, run: string): string | undefined {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(run)) return undefined;
  try {
    return readFileSync(noteFile(folder, run), 'utf8');
  } catch {
    return undefined;
  }
}
