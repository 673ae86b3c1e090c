/** Models and connections that the flow names are there in the workspace, and are of a type that the node can use. */
import { connectionFits, pointer, type Diagnostic, type DiagnosticCode, type Fix, type Workspace } from '@switchyard/shared';
import type { ConfigField } from '../../config-fields.ts';
import type { Graph } from '../graph.ts';
import { nearestName, quotedList } from '../nearest-name.ts';

interface Use {
  node: string;
  path: string;
  field: string;
  name: string;
}

export function checkWorkspaceNames(graph: Graph): Diagnostic[] {
  const { workspace } = graph;
  if (!workspace) return [];
  const found: Diagnostic[] = [];
  for (const { id, fields } of graph.nodes.values()) {
    for (const setting of fields) {
      if (typeof setting.value !== 'string' || setting.value === '') continue;
      const use: Use = { node: id, path: pointer(['nodes', id, 'config', ...setting.path]), field: String(setting.path[0]), name: setting.value };
      if (setting.widget === 'model') found.push(...checkModel(use, workspace));
      else if (setting.widget === 'connection') found.push(...checkConnection(use, setting, workspace));
    }
  }
  return found;
}

function checkModel(use: Use, { models }: Workspace): Diagnostic[] {
  if (Object.hasOwn(models, use.name)) return [];
  const names = Object.keys(models);
  return [
    told(use, 'model-missing', {
      message: `The workspace has no model "${use.name}". It has ${quotedList(names)}. Add the model to the workspace, or choose another.`,
      choices: names,
    }),
  ];
}

function checkConnection(use: Use, { schema }: ConfigField, { connections }: Workspace): Diagnostic[] {
  const wanted = Array.isArray(schema.connectionTypes) ? schema.connectionTypes : undefined;
  const fits = (type: string) => !wanted || connectionFits(type, wanted as string[]);
  const choices = Object.keys(connections).filter((name) => fits((connections[name] as { type: string }).type));
  const connection = Object.hasOwn(connections, use.name) ? connections[use.name] : undefined;
  if (!connection) {
    return [
      told(use, 'connection-missing', {
        message: `The workspace has no connection "${use.name}". Of those that fit here, it has ${quotedList(choices)}. Add the connection to the workspace, or choose another.`,
        choices,
      }),
    ];
  }
  if (fits(connection.type)) return [];
  const message = `The connection "${use.name}" is of type "${connection.type}"; this node needs ${quotedList(wanted as string[])}. Of those that fit, the workspace has ${quotedList(choices)}.`;
  return [told(use, 'connection-type', { message, choices })];
}

function told({ node, path, field, name }: Use, code: DiagnosticCode, { message, choices }: { message: string; choices: string[] }): Diagnostic {
  const near = nearestName(name, choices);
  const fix: Fix | undefined = near === undefined ? undefined : { title: `Use "${near}"`, patch: [{ op: 'replace', path, value: near }] };
  return { code, severity: 'error', path, node, field, message, ...(fix && { fix }) };
}
