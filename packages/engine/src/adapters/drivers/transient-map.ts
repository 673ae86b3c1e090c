/**
 * A Map for what comes and goes by the thousand, in the order it came.
 *
 * A Map moves to a new table again and again as entries come and go, and each table it left refers to the next one. Once such a table is old, collections
 * of the young keep everything that hangs on it, and copy it until the whole heap is collected: of a runner's runs that was 10 KB each and a tenth of all
 * CPU. So an entry here is a box, and is emptied when it is taken out: what the left tables keep is boxes.
 */
interface Box<Value> {
  value: Value | undefined;
}

export class TransientMap<Value extends object> {
  readonly #boxes = new Map<string, Box<Value>>();

  get size(): number {
    return this.#boxes.size;
  }

  get(key: string): Value | undefined {
    return this.#boxes.get(key)?.value;
  }

  has(key: string): boolean {
    return this.#boxes.has(key);
  }

  /** Goes behind all others, also where the key was there before. */
  set(key: string, value: Value): void {
    this.delete(key);
    this.#boxes.set(key, { value });
  }

  delete(key: string): void {
    const box = this.#boxes.get(key);
    if (!box) return;
    box.value = undefined;
    this.#boxes.delete(key);
  }

  deleteOldest(): void {
    for (const key of this.#boxes.keys()) {
      this.delete(key);
      return;
    }
  }

  clear(): void {
    for (const key of [...this.#boxes.keys()]) this.delete(key);
  }

  values(): Value[] {
    return [...this.#boxes.values()].flatMap(({ value }) => value ?? []);
  }
}
