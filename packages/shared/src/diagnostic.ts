/** A user's mistake as data: what is wrong, where, why, and where there is one, a fix. Owns the table of codes. */
import type { Json } from './json.ts';

/** Every diagnostic code, with what it means. One table, so that docs, tests and the interface agree. */
export const diagnosticCodes = {
  'document-unreadable': 'The text is not JSON.',
  'document-too-large': 'The document is over 5 MB or has over 10,000 nodes, those of its flows among them.',
  'document-too-deep': 'The document is nested deeper than 64 levels.',
  'document-invalid': 'A part of the document does not have the shape its schema asks for.',
  'format-unknown': 'The document is not a Switchyard document of the expected format.',
  'version-newer': 'The document was written by a newer version of Switchyard.',
  'name-refused': 'An id or a name is reserved or has letters that are not allowed.',
  'kind-unknown': 'No node kind of this name is known here; the node is kept as a placeholder.',
  'config-invalid': 'A setting of the node does not have the shape its kind asks for.',
  'expression-invalid': 'An expression or template does not parse, or uses what expressions may not.',
  'policy-invalid': 'What the node is to do when it fails cannot be done as it says.',
  'flow-missing': 'A node runs a flow of this document that is not there.',
  'link-end-missing': 'A link starts or ends at a node that does not exist.',
  'port-missing': 'A link starts or ends at a port that the node does not have.',
  'link-doubled': 'The same link is drawn twice.',
  'port-crowded': 'Several links that can all carry a value end at one input.',
  'output-crowded': 'Two nodes can give the same output in one run.',
  'port-type': 'The value that arrives does not fit what the input expects.',
  'input-missing': 'An input that the node needs is not wired.',
  cycle: 'Links, grants or flows that run one another lead back to where they start.',
  'grant-end-missing': 'A grant names a node that does not exist.',
  'grant-not-allowed': 'A grant starts at a node that may not call others, or ends at one that offers nothing to call.',
  'grant-doubled': 'The same grant is drawn twice.',
  'approval-never': 'A grant lets something be written without anybody being asked.',
  'operation-missing': 'An operation is named that the node does not offer.',
  'connection-missing': 'A connection is named that the workspace does not define.',
  'connection-type': 'The connection is of a type that this node cannot use.',
  'model-missing': 'A model is named that the workspace does not define.',
  'cost-unknown': 'The cost of a run is limited, but no price is known of any model that it asks.',
  'secret-missing': 'A secret is named that neither the vault nor the environment holds.',
  'secret-in-document': 'A setting looks like a secret; secrets belong in the workspace.',
  'entry-missing': 'The flow has no node that takes its inputs or starts it.',
  'exit-missing': 'The flow has no output, so a run gives nothing back.',
  'node-unreachable': 'The node has neither a link nor a grant, so it never runs.',
  'not-yet-supported': 'The document uses a part of the format that this version does not run yet.',
  'run-input': 'An input given to a run is missing, unknown or of the wrong type.',
  'command-refused': 'A command cannot be done as it was asked: its arguments, or what it needs, are not as they must be.',
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof diagnosticCodes;

/** One step of a JSON Patch (RFC 6902) on the flow document. */
export type PatchStep = { op: 'add' | 'replace'; path: string; value: Json } | { op: 'remove'; path: string };

/** A change that mends the mistake; `patch` applies to the document as it was checked. */
export interface Fix {
  title: string;
  patch?: PatchStep[];
}

/** A part of a text: offsets in UTF-16 units, from 0; `end` is behind its last. */
export interface Span {
  start: number;
  end: number;
}

export interface Diagnostic {
  code: DiagnosticCode;
  severity: 'error' | 'warning';
  /** JSON pointer into the document. */
  path: string;
  node?: string;
  /** Name of the subflow that holds the mistake: `path` says which of its nodes. Absent for the flow itself. */
  flow?: string;
  /** Name of the config field or port. */
  field?: string;
  message: string;
  /** Where in the text that stands at `path`; absent where all of it is meant, or no text. */
  span?: Span;
  fix?: Fix;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
