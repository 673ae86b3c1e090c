/** The registry: one line per kind. A kind is a folder here, and its line below. */
import { registryOf, type Registry } from '../node.ts';
import { branchKind } from './branch/branch.ts';
import { codeKind } from './code/code.ts';
import { controlKind } from './control/control.ts';
import { httpKind } from './http/http.ts';
import { inputKind } from './input/input.ts';
import { llmKind } from './llm/llm.ts';
import { outputKind } from './output/output.ts';
import { slmKind } from './slm/slm.ts';
import { sqlKind } from './sql/sql.ts';
import { templateKind } from './template/template.ts';

/** Every node kind, in the order of the palette. */
// biome-ignore format: one line per kind.
export const kinds: Registry = registryOf([
  controlKind,
  inputKind,
  outputKind,
  templateKind,
  branchKind,
  llmKind,
  slmKind,
  sqlKind,
  httpKind,
  codeKind,
]);
