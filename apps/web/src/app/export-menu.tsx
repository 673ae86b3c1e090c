/** Taking the flow out as JSON, bringing one in. */
import { Button } from '../ui/button.tsx';
import type { IconName } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { actionNamed } from './app-actions.ts';

const titles = ['Download as JSON', 'Copy as JSON', 'Import a flow from a file', 'Duplicate this flow'];

/** Made of the same actions as the command bar. */
export function ExportMenu({ isDisabled }: { isDisabled: boolean }) {
  return <Menu trigger={<Button disabled={isDisabled}>Export</Button>} items={titles.map(item)} />;
}

function item(title: string): MenuItem {
  const action = actionNamed(title);
  return { label: title, icon: action.icon as IconName, onSelect: action.run };
}
