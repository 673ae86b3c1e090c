/** Every command: a pure function from a document to a changed document. The only ways in which a flow changes. */
export {
  addNode,
  freshNodeId,
  moveNodes,
  removeAndHeal,
  removeNodes,
  renamePort,
  setConfig,
  setField,
  setPolicy,
  setTitle,
  type PolicyChange,
} from './node-commands.ts';
export { connect, disconnect, grant, grantId, insertOnLink, linkId, removeWires, revoke, setGrant, type WireId } from './wire-commands.ts';
export { applyFix, renameFlow, setDescription, setLimits } from './document-commands.ts';
export { freshIds, paste, readSelection, selectionText, selectNodes, type Selection } from './clipboard.ts';
