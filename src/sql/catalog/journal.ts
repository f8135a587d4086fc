interface Savepoint {
  readonly name: string;
  /** How many undo steps were there. */
  readonly steps: number;
}

interface Changeable<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  delete(key: K): unknown;
}

/** Changes maps, and takes the changes of an open transaction back when it is rolled back. */
export class Journal {
  #steps: (() => void)[] | undefined;
  #savepoints: Savepoint[] = [];

  get isOpen(): boolean {
    return this.#steps !== undefined;
  }

  set<K, V>(map: Changeable<K, V>, key: K, value: V): void {
    this.#remember(map, key);
    map.set(key, value);
  }

  delete<K, V>(map: Changeable<K, V>, key: K): void {
    this.#remember(map, key);
    map.delete(key);
  }

  #remember<K, V>(map: Changeable<K, V>, key: K): void {
    if (!this.#steps) return;
    const before = map.get(key);
    this.#steps.push(before === undefined ? () => map.delete(key) : () => map.set(key, before));
  }

  begin(): void {
    this.#steps ??= [];
  }

  commit(): void {
    this.#steps = undefined;
    this.#savepoints = [];
  }

  savepoint(name: string): void {
    if (this.#steps) this.#savepoints.push({ name, steps: this.#steps.length });
  }

  rollback(): void {
    this.#undo(0);
    this.commit();
  }

  rollbackTo(name: string): void {
    const at = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
    const savepoint = this.#savepoints[at];
    if (!savepoint) return;
    this.#undo(savepoint.steps);
    this.#savepoints.length = at + 1;
  }

  #undo(steps: number): void {
    while (this.#steps && this.#steps.length > steps) this.#steps.pop()?.();
  }
}
