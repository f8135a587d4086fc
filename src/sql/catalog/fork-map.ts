/**
 * A map whose copy costs nothing until one of the two changes: a snapshot is taken before and after every
 * migration, and most of what a schema holds stays as it is.
 */
export class ForkMap<K, V> {
  #map: Map<K, V>;
  #shared = false;

  constructor(entries?: Iterable<readonly [K, V]>) {
    this.#map = new Map(entries);
  }

  fork(): ForkMap<K, V> {
    this.#shared = true;
    const copy = new ForkMap<K, V>();
    copy.#map = this.#map;
    copy.#shared = true;
    return copy;
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.#map.has(key)) this.#own().delete(key);
  }

  keys(): MapIterator<K> {
    return this.#map.keys();
  }

  values(): MapIterator<V> {
    return this.#map.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#map.entries();
  }

  #own(): Map<K, V> {
    if (this.#shared) {
      this.#map = new Map(this.#map);
      this.#shared = false;
    }
    return this.#map;
  }
}
