/** Which diagnostics belong at which control. Pure. */
import { pointer, type Diagnostic, type Json } from '@switchyard/shared';
import type { Control, FormField } from './derive-form.ts';

/** Pointer of a setting in the document. */
export function settingPointer(node: string, path: readonly (string | number)[]): string {
  return pointer(['nodes', node, 'config', ...path]);
}

/** Pointer of a setting within another. */
export function below(at: string, key: string | number): string {
  return `${at}${pointer([key])}`;
}

/** Diagnostics at a control; one that lies deeper than any control below it stands here, so that none is lost. */
export function mistakesAt(diagnostics: readonly Diagnostic[], at: string, below: readonly string[] = []): Diagnostic[] {
  return diagnostics.filter((diagnostic) => isWithin(diagnostic.path, at) && !below.some((inner) => isWithin(diagnostic.path, inner)));
}

/** Pointers of the controls directly below a control. */
export function pointersBelow(control: Control, value: Json | undefined, at: string): string[] {
  if (control.sort === 'list') return Array.isArray(value) ? value.map((_, index) => `${at}/${index}`) : [];
  if (control.sort === 'group') return control.fields.map((field) => `${at}${pointer([field.name])}`);
  if (control.sort === 'record') return typeof value === 'object' && value !== null ? Object.keys(value).map((key) => `${at}${pointer([key])}`) : [];
  return [];
}

/** Pointer of a node's policy in the document. */
export function policyPointer(node: string): string {
  return pointer(['nodes', node, 'policy']);
}

/** Diagnostics of a node that no control of its forms shows: of its ports, its wires, its kind. */
export function mistakesElsewhere(diagnostics: readonly Diagnostic[], node: string, fields: readonly FormField[]): Diagnostic[] {
  const shown = [policyPointer(node), ...fields.map((field) => settingPointer(node, [field.name]))];
  return diagnostics.filter((diagnostic) => !shown.some((at) => isWithin(diagnostic.path, at)));
}

function isWithin(path: string, at: string): boolean {
  return path === at || path.startsWith(`${at}/`);
}
