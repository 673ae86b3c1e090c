/** Keys: how an action names them ("Mod+Shift+Z"), how they are shown, and which press they mean. Mod is Ctrl, on a Mac the command key. */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const shown: Readonly<Record<string, string>> = {
  Enter: '↵',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Plus: '+',
  Minus: '-',
};

/** Does a press mean these keys? */
export function isPress(press: KeyPress, keys: string, isMac: boolean): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1) as string;
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const other = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wants('Mod') || other || press.altKey !== wants('Alt')) return false;
  const name = key === 'Plus' ? '+' : key === 'Minus' ? '-' : key;
  // Signs such as "?" and "+" are reached with or without Shift, depending on the keyboard.
  const isSign = name.length === 1 && name.toLowerCase() === name.toUpperCase();
  if (!isSign && press.shiftKey !== wants('Shift')) return false;
  return press.key.toLowerCase() === name.toLowerCase();
}

/** Keys as they are shown to people: "Ctrl Shift Z". */
export function keysText(keys: string, isMac: boolean): string {
  const mod = isMac ? '⌘' : 'Ctrl';
  return keys
    .split('+')
    .map((part) => (part === 'Mod' ? mod : (shown[part] ?? part)))
    .join(' ');
}
