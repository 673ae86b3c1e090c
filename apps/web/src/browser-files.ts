/** Files as this browser takes them down. */

/** Saves JSON text under a name made of plain letters; `ending` where files of its sort are known by one. */
export function saveFile(name: string, text: string, ending = '.json'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `${plainName(name)}${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function plainName(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'flow'
  );
}
