/** Which workspace file a run of the command line needs, noted in the data folder while the run is open, so that it can be resumed with the same. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

function noteFile(folder: string, run: string): string {
  return join(folder, 'run-workspaces', run);
}

/** `workspaceFile` is absolute. */
export function rememberWorkspace(folder: string, run: string, workspaceFile: string): void {
  mkdirSync(join(folder, 'run-workspaces'), { recursive: true, mode: 0o700 });
  writeFileSync(noteFile(folder, run), workspaceFile, { mode: 0o600, flush: true });
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
