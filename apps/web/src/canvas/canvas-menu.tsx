/** The menu of the canvas and its cards: the same actions as the keys and the command bar. */
import type { Action } from '../editor/action.ts';
import type { IconName } from '../ui/icon.tsx';
import { useIsRunning } from '../run/use-run.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { useEditor } from '../use-editor.ts';
import { canvasStore, useCanvas } from './canvas-store.ts';

/** Only of the document itself: within its flows nothing is run alone. */
const onOutermost = ['Run from here', 'Run this node', 'Run to here', 'Pin or unpin its outputs'];
/** Only of a node that runs a flow. */
const onRunner = 'Open the flow that it runs';
const onNodes = ['Rename', 'Connect the node', 'Cut', 'Copy', 'Duplicate', 'Make a flow of the selection', 'Delete', 'Delete and heal the wire'];
const onWires = ['Delete'];
const onCanvas = ['Back to the flow around', 'Add a node', 'Paste', 'Select all', 'Fit the flow', 'Lay out automatically'];

interface CanvasMenuProps {
  actions: readonly Action[];
  /** How an action's keys are shown. */
  keysOf: (action: Action) => string | undefined;
}

/** Opens where the canvas was clicked with the other button; what it offers follows from what is selected, and from whether a run is on its way. */
export function CanvasMenu({ actions, keysOf }: CanvasMenuProps) {
  const place = useCanvas((state) => state.menu);
  const hasNodes = useEditor((state) => state.selection.nodes.length > 0);
  const level = useEditor((state) => state.level);
  const hasWires = useEditor((state) => state.selection.wires.length > 0);
  // An action asks for itself whether a run is on its way; a menu that was opened during one is drawn anew at its end.
  useIsRunning();
  if (!place) return null;
  const actionOf = (title: string): Action => {
    const action = actions.find((each) => each.title === title);
    if (!action) throw new Error(`There is no action "${title}"`);
    return action;
  };
  const isNested = level.length > 0;
  const ofNodes = [...(actionOf(onRunner).isEnabled() ? [onRunner] : []), ...(isNested ? [] : onOutermost), ...onNodes];
  const ofCanvas = onCanvas.slice(isNested ? 0 : 1);
  const items = (hasNodes ? ofNodes : hasWires ? onWires : ofCanvas).map((title): MenuItem => {
    const action = actionOf(title);
    const keys = keysOf(action);
    return {
      label: title,
      icon: action.icon as IconName,
      isDisabled: !action.isEnabled(),
      isDanger: title === 'Delete',
      onSelect: action.run,
      ...(keys && { keys }),
    };
  });
  const close = () => canvasStore.setState({ menu: undefined });
  return (
    <Menu
      key={`${place.x} ${place.y}`}
      align="start"
      items={items}
      onClose={close}
      trigger={<span aria-hidden className="fixed size-0" style={{ left: place.x, top: place.y }} />}
    />
  );
}
