/** What a person is told whose flags are wrong: the reason, in sight, and how the command is written. All that --help tells would scroll the reason away. */

/** The first paragraph of a usage text is how the command is written. */
export function usageText(reason: string, usage: string): string {
  const [synopsis = usage] = usage.split('\n\n');
  const command = synopsis.split(' ', 2).join(' ');
  return `${plainReason(reason, usage)}\n\n${synopsis}\n\n${command} --help tells more.`;
}

/** Of an option that there is not, Node says how to give it as an argument, which nobody means; an option that it resembles is what was meant. */
function plainReason(reason: string, usage: string): string {
  const unknown = /^Unknown option '(--?[\w-]+)'\./.exec(reason);
  if (!unknown) return reason;
  const [sentence, option = ''] = unknown;
  const options = new Set(usage.match(/--[a-z][a-z-]*/g) ?? []);
  const near = [...options].filter((each) => isNear(bare(each), bare(option)));
  return near.length === 0 ? sentence : `${sentence} Is ${near.join(' or ')} meant?`;
}

function bare(option: string): string {
  return option.replaceAll('-', '').toLowerCase();
}

function isNear(one: string, other: string): boolean {
  return other.length > 1 && (one.startsWith(other) || other.startsWith(one));
}
