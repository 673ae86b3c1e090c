/** Every action, in the order of the help: one list from which keys, menus, tooltips, command bar and help are made. */
import type { Action, ActionGroup, ActionHost } from './action.ts';
import { autoLayout, positionsOf } from './auto-layout.ts';
import { enterFlow, flowWithin } from './enter-flow.ts';
import { copySelection, cutSelection, deleteAndHeal, deleteSelection, duplicateSelection, nudgeSelection } from './selection-edits.ts';
import { moveNodes } from './commands.ts';
import type { Theme } from './session.ts';
import { nodeTowards, type Direction } from './walk.ts';

type Sketch = Partial<Pick<Action, 'keys' | 'words' | 'icon' | 'scope' | 'isNative' | 'isEnabled' | 'whyNot'>> & { run: () => void };

function group(name: ActionGroup, sketches: Record<string, Sketch>): Action[] {
  return Object.entries(sketches).map(([title, sketch]) => ({
    id: `${name}: ${title}`.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    title,
    group: name,
    keys: [],
    scope: 'window',
    isEnabled: () => true,
    whyNot: () => undefined,
    ...sketch,
  }));
}

/** The actions over a host. */
export function createActions(host: ActionHost): Action[] {
  return [
    ...runActions(host),
    ...nodeRunActions(host),
    ...editActions(host),
    ...addActions(host),
    ...viewActions(host),
    ...panelActions(host),
    ...walkActions(host),
    ...levelActions(host),
    ...flowActions(host),
    ...helpActions(host),
  ];
}

function runActions({ run, session }: ActionHost): Action[] {
  return group('Run', {
    'Run or stop': { keys: ['Mod+Enter'], icon: 'play', scope: 'anywhere', run: () => (run.isRunning() ? run.stop() : run.start()) },
    'Show the run': { icon: 'message-square', run: () => session.setState({ isDockOpen: true, dockTab: 'run' }) },
    'Show the trace': { icon: 'list-tree', run: () => session.setState({ isDockOpen: true, dockTab: 'trace' }) },
    'Show problems': { icon: 'circle-alert', run: () => session.setState({ isDockOpen: true, dockTab: 'problems' }) },
  });
}

/** What can be run of the flow, and what is done with the run on screen. */
function nodeRunActions({ editor, run }: ActionHost): Action[] {
  const selected = () => (editor.state().selection.nodes.length === 1 ? editor.state().selection.nodes[0] : undefined);
  const isAt = (can: (node: string) => boolean) => () => {
    const node = selected();
    return node !== undefined && can(node);
  };
  const at = (act: (node: string) => void) => () => {
    const node = selected();
    if (node !== undefined) act(node);
  };
  return group('Run', {
    'Run from here': { keys: ['Mod+Shift+Enter'], icon: 'fast-forward', isEnabled: isAt(run.canBegin), run: at(run.fromNode) },
    'Run this node': { keys: ['Alt+Enter'], icon: 'play', isEnabled: isAt(run.canBegin), run: at(run.nodeAlone) },
    'Run to here': { keys: ['Alt+Shift+Enter'], icon: 'arrow-right-to-line', isEnabled: isAt(run.canBegin), run: at(run.toNode) },
    'Pin or unpin its outputs': {
      keys: ['P'],
      icon: 'pin',
      isEnabled: isAt((node) => run.whyNoPin(node) === undefined),
      whyNot: () => {
        const node = selected();
        return node === undefined ? undefined : run.whyNoPin(node);
      },
      run: at(run.togglePin),
    },
    'Save the run as a test': { icon: 'flask', isEnabled: run.hasEnded, run: () => run.saveAsTest() },
    'Replay the run': { icon: 'repeat', isEnabled: run.hasEnded, run: () => run.replay() },
  });
}

function editActions(host: ActionHost): Action[] {
  const { editor } = host;
  const hasNodes = () => editor.state().selection.nodes.length > 0;
  const canEdit = () => !editor.state().frozen;
  const hasSelection = () => canEdit() && (hasNodes() || editor.state().selection.wires.length > 0);
  const selectedNode = () => editor.state().selection.nodes[0];
  return group('Edit', {
    Undo: { keys: ['Mod+Z'], icon: 'undo', isEnabled: () => canEdit() && editor.state().history.past.length > 0, run: () => editor.undo() },
    Redo: { keys: ['Mod+Shift+Z', 'Mod+Y'], icon: 'redo', isEnabled: () => canEdit() && editor.state().history.future.length > 0, run: () => editor.redo() },
    Copy: { keys: ['Mod+C'], icon: 'copy', isNative: true, isEnabled: hasNodes, run: () => host.clipboard.copy(copySelection(editor)) },
    Cut: { keys: ['Mod+X'], icon: 'scissors', isNative: true, isEnabled: () => canEdit() && hasNodes(), run: () => host.clipboard.copy(cutSelection(editor)) },
    Paste: { keys: ['Mod+V'], icon: 'file', isNative: true, isEnabled: canEdit, run: () => host.clipboard.paste() },
    Duplicate: { keys: ['Mod+D'], icon: 'copy-plus', isEnabled: () => canEdit() && hasNodes(), run: () => duplicateSelection(editor) },
    Delete: { keys: ['Delete', 'Backspace'], icon: 'trash', isEnabled: hasSelection, run: () => deleteSelection(editor) },
    'Delete and heal the wire': {
      keys: ['Mod+Delete', 'Mod+Backspace'],
      icon: 'unlink',
      isEnabled: () => canEdit() && hasNodes(),
      run: () => deleteAndHeal(editor),
    },
    'Make a flow of the selection': {
      keys: ['Mod+Shift+G'],
      icon: 'workflow',
      isEnabled: () => canEdit() && hasNodes(),
      run: () => host.makeFlow(),
    },
    'Select all': { keys: ['Mod+A'], icon: 'scan-search', run: () => editor.select(Object.keys(editor.state().shown.nodes)) },
    Rename: { keys: ['F2'], icon: 'pencil', isEnabled: () => canEdit() && hasNodes(), run: () => host.canvas()?.rename(selectedNode() as string) },
  });
}

function addActions(host: ActionHost): Action[] {
  const { editor } = host;
  const canEdit = () => !editor.state().frozen;
  return group('Add', {
    'Add a node': { keys: ['Tab'], icon: 'plus', scope: 'canvas', isEnabled: canEdit, run: () => host.canvas()?.openPicker() },
    'Connect the node': {
      keys: ['C'],
      icon: 'link',
      isEnabled: () => canEdit() && editor.state().selection.nodes.length === 1,
      run: () => host.canvas()?.openWirePicker(editor.state().selection.nodes[0] as string),
    },
  });
}

function viewActions(host: ActionHost): Action[] {
  const { editor } = host;
  return group('View', {
    'Fit the flow': { keys: ['1'], icon: 'maximize', run: () => host.canvas()?.fit() },
    'Fit the selection': {
      keys: ['2'],
      icon: 'scan-search',
      isEnabled: () => editor.state().selection.nodes.length > 0,
      run: () => host.canvas()?.fit(editor.state().selection.nodes),
    },
    'Zoom to 100%': { keys: ['0'], icon: 'search', run: () => host.canvas()?.zoomTo(1) },
    'Zoom in': { keys: ['Plus', '='], icon: 'zoom-in', run: () => host.canvas()?.zoomBy(1.25) },
    'Zoom out': { keys: ['Minus'], icon: 'zoom-out', run: () => host.canvas()?.zoomBy(0.8) },
    'Lay out automatically': {
      keys: ['Shift+L'],
      words: 'layout tidy arrange align clean',
      icon: 'layout-grid',
      isEnabled: () => !editor.state().frozen,
      run: () => {
        editor.edit('Lay out', (flow) => moveNodes(flow, autoLayout(flow, editor.face)));
        host.canvas()?.fit();
      },
    },
  });
}

function panelActions(host: ActionHost): Action[] {
  const { session } = host;
  const theme = (value: Theme) => () => session.setState({ theme: value });
  return group('View', {
    'Show or hide the left panel': { keys: ['Mod+B'], icon: 'panel-left', run: () => session.setState(({ isLeftOpen }) => ({ isLeftOpen: !isLeftOpen })) },
    'Show or hide the inspector': { keys: ['Mod+I'], icon: 'panel-right', run: () => session.setState(({ isRightOpen }) => ({ isRightOpen: !isRightOpen })) },
    'Show or hide the dock': { keys: ['Mod+J'], icon: 'panel-bottom', run: () => session.setState(({ isDockOpen }) => ({ isDockOpen: !isDockOpen })) },
    'Next panel': { keys: ['F6'], icon: 'chevron-right', scope: 'anywhere', run: () => host.nextPanel(1) },
    'Previous panel': { keys: ['Shift+F6'], icon: 'chevron-down', scope: 'anywhere', run: () => host.nextPanel(-1) },
    'Theme: as the system': { icon: 'monitor', run: theme('system') },
    'Theme: light': { icon: 'sun', run: theme('light') },
    'Theme: dark': { icon: 'moon', run: theme('dark') },
  });
}

const arrows: readonly (readonly [Direction, string, string])[] = [
  ['left', 'ArrowLeft', 'arrow-right'],
  ['right', 'ArrowRight', 'arrow-right'],
  ['up', 'ArrowUp', 'arrow-up'],
  ['down', 'ArrowDown', 'arrow-down'],
];

function walkActions(host: ActionHost): Action[] {
  const { editor } = host;
  const walk = (direction: Direction) => () => {
    const next = nodeTowards(positionsOf(editor.state().shown, editor.face), editor.state().selection.nodes.at(-1), direction);
    if (next === undefined) return;
    editor.select([next]);
    host.canvas()?.reveal(next);
  };
  return group(
    'Walk',
    Object.fromEntries(
      arrows.flatMap(([direction, key, icon]): [string, Sketch][] => [
        [`Go to the node ${ahead[direction]}`, { keys: [key], icon, scope: 'canvas', run: walk(direction) }],
        [
          `Move ${direction}`,
          {
            keys: [`Alt+${key}`],
            icon,
            scope: 'canvas',
            isEnabled: () => !editor.state().frozen && editor.state().selection.nodes.length > 0,
            run: () => nudgeSelection(editor, direction),
          },
        ],
      ]),
    ),
  );
}

/** Into the flow that a node runs, and back. */
function levelActions({ editor, canvas }: ActionHost): Action[] {
  const selected = () => (editor.state().selection.nodes.length === 1 ? editor.state().selection.nodes[0] : undefined);
  return group('View', {
    'Open the flow that it runs': {
      keys: ['Enter'],
      icon: 'workflow',
      scope: 'canvas',
      isEnabled: () => flowWithin(editor, selected()) !== undefined,
      run: () => {
        enterFlow(editor, selected() as string);
        canvas()?.focus();
      },
    },
    'Back to the flow around': {
      keys: ['Escape'],
      icon: 'corner-left-up',
      scope: 'canvas',
      isEnabled: () => editor.state().level.length > 0,
      run: () => {
        editor.leave();
        canvas()?.focus();
      },
    },
  });
}

const ahead: Readonly<Record<Direction, string>> = { left: 'on the left', right: 'on the right', up: 'above', down: 'below' };

function flowActions({ files }: ActionHost): Action[] {
  return group('Flow', {
    'New flow': { icon: 'plus', run: () => files.create() },
    'Duplicate this flow': { icon: 'copy-plus', run: () => files.duplicate() },
    'Import a flow from a file': { icon: 'upload', run: () => files.importFile() },
    'Download as JSON': { icon: 'download', run: () => files.download() },
    'Copy as JSON': { icon: 'copy', run: () => files.copyText() },
  });
}

function helpActions(host: ActionHost): Action[] {
  return group('Help', {
    'Search or do': { keys: ['Mod+K'], icon: 'command', scope: 'anywhere', run: () => host.openDialog('commands') },
    'Find in the flow': { keys: ['Mod+F'], icon: 'search', run: () => host.openDialog('find') },
    'Keys and help': { keys: ['?'], icon: 'keyboard', run: () => host.openDialog('help') },
  });
}
