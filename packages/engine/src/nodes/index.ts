/** The registry: one line per kind. A kind is a folder here, and its line below. */
import { registryOf, type Registry } from '../node.ts';
import { approveKind } from './approve/approve.ts';
import { branchKind } from './branch/branch.ts';
import { codeKind } from './code/code.ts';
import { controlKind } from './control/control.ts';
import { convertKind } from './convert/convert.ts';
import { documentKind } from './document/document.ts';
import { flowKind } from './flow/flow.ts';
import { graphqlKind } from './graphql/graphql.ts';
import { httpKind } from './http/http.ts';
import { inputKind } from './input/input.ts';
import { keyvalueKind } from './keyvalue/keyvalue.ts';
import { llmKind } from './llm/llm.ts';
import { loopKind } from './loop/loop.ts';
import { mapKind } from './map/map.ts';
import { mcpKind } from './mcp/mcp.ts';
import { mergeKind } from './merge/merge.ts';
import { objectsKind } from './objects/objects.ts';
import { openapiKind } from './openapi/openapi.ts';
import { outputKind } from './output/output.ts';
import { searchKind } from './search/search.ts';
import { slmKind } from './slm/slm.ts';
import { sqlKind } from './sql/sql.ts';
import { templateKind } from './template/template.ts';
import { waitKind } from './wait/wait.ts';

/** Every node kind, in the order of the palette. */
// biome-ignore format: one line per kind.
export const kinds: Registry = registryOf([
  controlKind,
  inputKind,
  outputKind,
  templateKind,
  branchKind,
  mergeKind,
  mapKind,
  loopKind,
  flowKind,
  approveKind,
  waitKind,
  convertKind,
  llmKind,
  slmKind,
  sqlKind,
  httpKind,
  openapiKind,
  graphqlKind,
  documentKind,
  keyvalueKind,
  objectsKind,
  searchKind,
  mcpKind,
  codeKind,
]);
