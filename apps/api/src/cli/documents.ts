/** Reads a flow and its workspace from files and compiles them, the same for every command. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Plan } from '@switchyard/engine';
import { compile } from '@switchyard/engine/compile';
import { documentLimits, readWorkspace, type Diagnostic, type Flow, type Workspace } from '@switchyard/shared';
import { CommandRefused, type Surroundings } from './command.ts';

/** A workspace and the folder that its relative paths start from. */
export interface LocatedWorkspace {
  workspace: Workspace;
  folder: string;
  file: string;
}

export interface CompiledFile {
  flow?: Flow;
  plan?: Plan;
  /** With the models that were found besides. */
  workspace?: Workspace;
  diagnostics: Diagnostic[];
}

/** Editors of Windows put one before the text; decoding leaves it away. What is no UTF-8 is refused: read anyway, letters would be replaced without a word. */
const byteOrderMark = 3;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A document's text; throws a CommandRefused where the file cannot be read. */
export function readDocumentFile(file: string, what: string): string {
  try {
    const { size } = statSync(file);
    if (size > documentLimits.bytes + byteOrderMark)
      throw refusedFile(file, `it has ${size} bytes; a ${what} has at most ${documentLimits.bytes}`, 'document-too-large');
    return utf8.decode(readFileSync(file));
  } catch (error) {
    if (error instanceof CommandRefused) throw error;
    throw refusedFile(file, reasonOf(error), 'document-unreadable');
  }
}

/** The workspace of `file`, or of workspace.json beside the flow if there; undefined where there is neither. */
export function findWorkspace(file: string | undefined, flowFile: string): LocatedWorkspace | undefined {
  if (file !== undefined) return readWorkspaceFile(file);
  const beside = join(dirname(resolve(flowFile)), 'workspace.json');
  return existsSync(beside) ? readWorkspaceFile(beside) : undefined;
}

/** Throws a CommandRefused with every diagnostic where the file is not a workspace. */
export function readWorkspaceFile(file: string): LocatedWorkspace {
  const { document, diagnostics } = readWorkspace(readDocumentFile(file, 'workspace'));
  if (!document)
    throw new CommandRefused(`The workspace ${file} has errors.`, { diagnostics: diagnostics.map((one) => ({ ...one, message: `${file}: ${one.message}` })) });
  const path = resolve(file);
  return { workspace: document, folder: dirname(path), file: path };
}

/**
 * Compiles the flow; `workspace` undefined leaves out the check of names. Models that the workspace leaves open may be the built-in ones
 * or found on this machine: only then are they looked for.
 */
export async function compileFile(
  file: string,
  workspace: Workspace | undefined,
  surroundings: Pick<Surroundings, 'registry' | 'findModels'>,
): Promise<CompiledFile> {
  const text = readDocumentFile(file, 'flow');
  const registry = await surroundings.registry();
  let known = workspace;
  let compiled = compile(text, known, registry);
  if (known && compiled.diagnostics.some(({ code }) => code === 'model-missing')) {
    known = { ...known, models: { ...(await surroundings.findModels()), ...known.models } };
    compiled = compile(text, known, registry);
  }
  const { flow, plan, diagnostics } = compiled;
  return { diagnostics, ...(flow && { flow }), ...(plan && { plan }), ...(known && { workspace: known }) };
}

function refusedFile(file: string, why: string, code: Diagnostic['code']): CommandRefused {
  const message = `${file} cannot be read: ${why}.`;
  return new CommandRefused(message, { diagnostics: [{ code, severity: 'error', path: '', message }] });
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'this user may not read it';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'it is no text in UTF-8; save it as UTF-8';
    default:
      return (error as Error).message;
  }
}
