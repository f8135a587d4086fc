const GONE: unique symbol = Symbol('gone');

type Layer<K, V> = Map<K, V | typeof GONE>;

/** More layers than this are put together: each is one look-up more. */
const MOST_LAYERS = 4;

/**
 * A map whose copy costs nothing: a snapshot is taken before and after every migration, and most of what a
 * schema holds stays as it is. Copies share a map for good, and small layers of changes above it; each writes to a
 * layer of its own.
 */
export class ForkMap<K, V> {
  #base: Map<K, V>;
  /** No other copy reads `#base`: it may be changed. */
  #alone: boolean;
  /** Changes that copies share, the oldest first. */
  #layers: readonly Layer<K, V>[];
  #own: Layer<K, V> | undefined;

  constructor(from?: ForkMap<K, V>) {
    this.#base = from ? from.#base : new Map();
    this.#alone = from === undefined;
    this.#layers = from ? from.#layers : [];
  }

  fork(): ForkMap<K, V> {
    this.#alone = false;
    if (this.#own) {
      this.#layers = [...this.#layers, this.#own];
      this.#own = undefined;
      if (this.#layers.length > MOST_LAYERS) this.#join();
    }
    return new ForkMap(this);
  }

  get(key: K): V | undefined {
    let found = this.#own?.get(key);
    for (let at = this.#layers.length - 1; found === undefined && at >= 0; at--)
      found = this.#layers[at]?.get(key);
    if (found === undefined) return this.#base.get(key);
    return found === GONE ? undefined : found;
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
    return this.#together().entries();
  }

  keys(): Iterable<K> {
    return this.#together().keys();
  }

  values(): Iterable<V> {
    return this.#together().values();
  }

  #write(key: K, value: V | typeof GONE): void {
    this.#own ??= new Map();
    this.#own.set(key, value);
  }

  /** In the order in which the keys came. */
  #together(): ReadonlyMap<K, V> {
    if (this.#layers.length === 0 && !this.#own) return this.#base;
    return applied(new Map(this.#base), this.#own ? [...this.#layers, this.#own] : this.#layers);
  }

  /** All layers become one; the base takes it in when it has grown to an eighth of it. */
  #join(): void {
    const changes = this.#layers.reduce((sum, { size }) => sum + size, 0);
    if (changes * 8 > this.#base.size) {
      this.#base = applied(new Map(this.#base), this.#layers);
      this.#layers = [];
    } else {
      const joined: Layer<K, V> = new Map();
      for (const layer of this.#layers) for (const [key, value] of layer) joined.set(key, value);
      this.#layers = [joined];
    }
  }
}

function applied<K, V>(map: Map<K, V>, layers: readonly Layer<K, V>[]): Map<K, V> {
  for (const layer of layers)
    for (const [key, value] of layer) {
      if (value === GONE) map.delete(key);
      else map.set(key, value);
    }
  return map;
}
