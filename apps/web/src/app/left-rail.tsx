/** The rail on the left: flows, palette, workspace. Folded it keeps one button for each. */
import { IconButton } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Tabs } from '../ui/tabs.tsx';
import type { LeftTab } from '../editor/session.ts';
import { session, useRemembered } from '../use-editor.ts';
import { FlowsPanel, WorkspacePanel } from './lazy-panels.tsx';
import { Palette } from './palette.tsx';

const tabs: readonly { value: LeftTab; label: string; icon: IconName }[] = [
  { value: 'flows', label: 'Flows', icon: 'files' },
  { value: 'add', label: 'Add', icon: 'plus' },
  { value: 'workspace', label: 'Workspace', icon: 'server' },
];
const contents = { flows: <FlowsPanel />, add: <Palette />, workspace: <WorkspacePanel /> };

/** Open or folded, as it was left. */
export function LeftRail() {
  const isOpen = useRemembered((remembered) => remembered.isLeftOpen);
  const tab = useRemembered((remembered) => remembered.leftTab);
  const show = (leftTab: LeftTab) => session.setState({ leftTab, isLeftOpen: true });
  if (!isOpen) {
    return (
      <nav data-panel="left" aria-label="Left panel" className="flex flex-col items-center gap-1 border-r border-line bg-panel py-2">
        {tabs.map(({ value, label, icon }) => (
          <IconButton key={value} icon={icon} label={label} onClick={() => show(value)} />
        ))}
      </nav>
    );
  }
  return (
    <aside data-panel="left" aria-label="Left panel" className="flex min-h-0 flex-col border-r border-line bg-panel">
      <Tabs
        label="Left panel"
        value={tab}
        onChange={(value) => show(value as LeftTab)}
        className="h-full"
        listClassName="px-1"
        items={tabs.map(({ value, label }) => ({ value, label, content: contents[value] }))}
        aside={<IconButton icon="panel-left" label="Hide the panel" size="small" className="mr-1" onClick={() => session.setState({ isLeftOpen: false })} />}
      />
    </aside>
  );
}
