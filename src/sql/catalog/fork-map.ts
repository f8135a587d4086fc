const GONE: unique symbol = Symbol('gone');

/**
 * A map whose copy costs nothing: a snapshot is taken before and after every migration, and most of what a
 * schema holds stays as it is. Copies share one map for good and keep what they change in a small one above
 * it; when that has grown, the two are put together anew.
 */
export class ForkMap<K, V> {
  #base: Map<K, V>;
  /** No other copy reads `#base`: it may be changed. */
  #alone = true;
  #above: Map<K, V | typeof GONE> | undefined;
  #aboveShared = false;

  constructor(entries?: Iterable<readonly [K, V]>) {
    this.#base = new Map(entries);
  }

  fork(): ForkMap<K, V> {
    const copy = new ForkMap<K, V>();
    copy.#base = this.#base;
    copy.#above = this.#above;
    this.#alone = false;
    copy.#alone = false;
    this.#aboveShared = true;
    copy.#aboveShared = true;
    return copy;
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

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, value] of this.#base) {
      const above = this.#above?.get(key);
      if (above === undefined) yield [key, value];
      else if (above !== GONE) yield [key, above];
    }
    for (const [key, value] of this.#above ?? [])
      if (value !== GONE && !this.#base.has(key)) yield [key, value];
  }

  *keys(): Generator<K> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of this) yield value;
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
