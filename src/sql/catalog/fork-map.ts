const GONE: unique symbol = Symbol('gone');

/**
 * A map whose copy costs nothing: a snapshot is taken before and after every migration, and most of what a
 * schema holds stays as it is. Copies share one map for good and keep what they change in a small one above
 * it; when that has grown, the two are put together anew.
 */
export class ForkMap<K, V> {
  #base: Map<K, V>;
  /** No other copy reads `#base`: it may be changed. */
  #alone: boolean;
  #above: Map<K, V | typeof GONE> | undefined;
  #aboveShared: boolean;

  constructor(from?: ForkMap<K, V>) {
    this.#base = from ? from.#base : new Map();
    this.#above = from ? from.#above : undefined;
    this.#alone = from === undefined;
    this.#aboveShared = from !== undefined;
  }

  fork(): ForkMap<K, V> {
    this.#alone = false;
    this.#aboveShared = true;
    return new ForkMap(this);
  }

  get(key: K): V | undefined {
    const above = this.#above?.get(key);
    if (above === undefined) return this.#base.get(key);
    return above === GONE ? undefined : above;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  set(key: K, value: V): void {
    if (this.#alone) this.#base.set(key, value);
    else this.#write(key, value);
  }

  delete(key: K): void {
    if (this.#alone) this.#base.delete(key);
    else if (this.has(key)) this.#write(key, GONE);
  }

  [Symbol.iterator](): Iterator<[K, V]> & Iterable<[K, V]> {
    return this.#above ? this.#layered(this.#above) : this.#base.entries();
  }

  *#layered(above: ReadonlyMap<K, V | typeof GONE>): Generator<[K, V]> {
    for (const [key, value] of this.#base) {
      const changed = above.get(key);
      if (changed === undefined) yield [key, value];
      else if (changed !== GONE) yield [key, changed];
    }
    for (const [key, value] of above) if (value !== GONE && !this.#base.has(key)) yield [key, value];
  }

  keys(): Iterable<K> {
    return this.#above ? [...this].map(([key]) => key) : this.#base.keys();
  }

  values(): Iterable<V> {
    return this.#above ? [...this].map(([, value]) => value) : this.#base.values();
  }

  #write(key: K, value: V | typeof GONE): void {
    if (this.#aboveShared || !this.#above) {
      if ((this.#above?.size ?? 0) > Math.max(16, this.#base.size / 8)) {
        this.#base = new Map(this);
        this.#above = undefined;
        this.#alone = true;
        if (value === GONE) this.#base.delete(key);
        else this.#base.set(key, value);
        return;
      }
      this.#above = new Map(this.#above);
      this.#aboveShared = false;
    }
    this.#above.set(key, value);
  }
}
