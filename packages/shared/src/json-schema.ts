/** The published JSON Schemas of the documents, made from zod; the files beside this package's package.json are checked against them by a test. */
import { z } from 'zod';
import { flowSchema } from './flow.ts';
import type { Schema } from './json.ts';
import { workspaceSchema } from './workspace.ts';

export function flowJsonSchema(): Schema {
  return { ...(z.toJSONSchema(flowSchema, { io: 'input' }) as Schema), title: 'Switchyard flow, version 1' };
}

export function workspaceJsonSchema(): Schema {
  return { ...(z.toJSONSchema(workspaceSchema, { io: 'input' }) as Schema), title: 'Switchyard workspace, version 1' };
}
