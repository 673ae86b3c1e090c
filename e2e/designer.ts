/** The designer as its user speaks of it: cards, wires, the run dock, the trace. Specs say what a person does; where things are on the page is known here alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Download, type Locator, type Page } from '@playwright/test';

const pictures = join(import.meta.dirname, '../artifacts/pictures');

export class Designer {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the login address, once; later visits go to the origin and keep the session. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.canvas).toBeVisible();
    await expect(this.cards.first()).toBeVisible();
  }

  get canvas(): Locator {
    return this.page.locator('.react-flow');
  }

  get cards(): Locator {
    return this.page.locator('.react-flow__node');
  }

  get links(): Locator {
    return this.page.locator('.react-flow__edge');
  }

  /** The card with this title. */
  card(title: string): Locator {
    return this.cards.filter({ has: this.page.locator('.card-title', { hasText: new RegExp(`^${title}$`) }) });
  }

  /** A port of a card by its name: `out:answer`, `in:request`, `call:` (the spare square), `called`. */
  port(title: string, port: string): Locator {
    return this.card(title).locator(`.react-flow__handle[data-handleid="${port}"]`);
  }

  async select(title: string): Promise<void> {
    await this.card(title).locator('.card-title').click();
  }

  /** Shows a tab of the left panel, the inspector or the dock. */
  async show(tab: string): Promise<void> {
    await this.page
      .getByRole('tab', { name: new RegExp(`^${tab}`) })
      .first()
      .click();
  }

  /** Opens a stored flow by its name. */
  async openFlow(name: string): Promise<void> {
    await this.show('Flows');
    await this.page
      .getByRole('tabpanel', { name: 'Flows' })
      .getByRole('button', { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await expect(this.page.getByRole('banner')).toContainText(name);
  }

  // Adding and wiring

  /** Drags a kind from the palette to a place on the canvas, in pixels from its top left corner. */
  async dragFromPalette(kind: string, place: { x: number; y: number }): Promise<void> {
    await this.show('Add');
    const item = this.page.getByRole('button', { name: new RegExp(`^${kind}\\b`) }).first();
    await item.dragTo(this.canvas, { targetPosition: place });
  }

  /** Draws a wire from a port to a place on the page. */
  async drawWire(from: Locator, to: { x: number; y: number }): Promise<void> {
    const start = await middle(from);
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + to.x) / 2, (start.y + to.y) / 2, { steps: 6 });
    await this.page.mouse.move(to.x, to.y, { steps: 6 });
  }

  async dropWire(from: Locator, to: { x: number; y: number }): Promise<void> {
    await this.drawWire(from, to);
    await this.page.mouse.up();
  }

  async connect(from: Locator, to: Locator): Promise<void> {
    await this.dropWire(from, await middle(to));
  }

  /** A place on the page, in pixels from the canvas's top left corner. */
  async place(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = await boxOf(this.canvas);
    return { x: box.x + x, y: box.y + y };
  }

  /** Chooses a kind in the picker that is open. */
  async pick(kind: string): Promise<void> {
    await this.page
      .getByRole('option', { name: new RegExp(`^${kind}\\b`) })
      .first()
      .click();
  }

  async press(keys: string): Promise<void> {
    await this.page.keyboard.press(keys);
  }

  // Running

  get question(): Locator {
    return this.page.getByRole('form', { name: 'Inputs of the next run' }).getByRole('textbox').first();
  }

  /** The sample questions beside the input form. */
  get samples(): Locator {
    return this.page.getByRole('list', { name: /^Samples for/ }).getByRole('button');
  }

  async ask(question: string): Promise<void> {
    await this.show('Run');
    await this.question.fill(question);
    await this.run();
  }

  async run(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: /^Run/ }).click();
  }

  async stop(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: /^Stop/ }).click();
  }

  /** The answer of the run on screen, once it is there. */
  async answer(): Promise<string> {
    const section = this.page.getByRole('region', { name: 'answer' });
    await expect(section).toBeVisible({ timeout: 30_000 });
    return await section.innerText();
  }

  /** What the run on screen asks a person. */
  get questions(): Locator {
    return this.page.getByRole('region', { name: /^Question: / });
  }

  /** Until the run on screen has ended. */
  async ended(): Promise<void> {
    await expect(this.page.getByRole('banner').getByRole('button', { name: /^Run/ })).toBeVisible({ timeout: 30_000 });
  }

  /** The details of the trace's row that is looked at. */
  get details(): Locator {
    return this.page.getByRole('region', { name: /^Details of/ });
  }

  /** The rows of the trace that are drawn. */
  get traceRows(): Locator {
    return this.page.getByRole('treegrid').getByRole('row');
  }

  traceRow(label: string | RegExp): Locator {
    return this.traceRows.filter({ hasText: label }).first();
  }

  // Files

  /** What *Export > Download as JSON* gives. */
  async exported(): Promise<{ name: string; text: string; path: string }> {
    const waiting = this.page.waitForEvent('download');
    await this.menu('Export', 'Download as JSON');
    const download: Download = await waiting;
    const path = await download.path();
    return { name: download.suggestedFilename(), text: readFileSync(path, 'utf8'), path };
  }

  async importFile(path: string): Promise<void> {
    const waiting = this.page.waitForEvent('filechooser');
    await this.menu('Export', 'Import a flow from a file');
    await (await waiting).setFiles(path);
  }

  async menu(button: string, item: string): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: button }).click();
    await this.page.getByRole('menuitem', { name: new RegExp(`^${item}`) }).click();
  }

  /** Does one action by its title in the command bar. */
  async command(title: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Search or do/ }).click();
    await this.page.getByRole('dialog').getByRole('combobox').fill(title);
    await this.page.getByRole('option', { name: title }).first().click();
  }

  async saved(): Promise<void> {
    await expect(this.page.getByRole('banner').getByText('Saved', { exact: true })).toBeVisible();
  }

  async theme(theme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await expect.poll(() => this.page.evaluate(() => getComputedStyle(document.body).colorScheme)).toContain(theme);
  }

  /** Keeps a picture of the window as an artifact, at both sizes and in both themes. */
  async picture(name: string): Promise<void> {
    for (const [width, height] of [
      [1440, 900],
      [1920, 1080],
    ] as const) {
      await this.page.setViewportSize({ width, height });
      for (const theme of ['light', 'dark'] as const) {
        await this.theme(theme);
        await this.page.screenshot({ path: join(pictures, `${name}-${width}-${theme}.png`), animations: 'disabled' });
      }
    }
    await this.page.setViewportSize({ width: 1440, height: 900 });
    await this.theme('light');
  }
}

export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error(`${String(locator)} is not on the page`);
  return box;
}

export async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = await boxOf(locator);
  return { x: x + width / 2, y: y + height / 2 };
}
