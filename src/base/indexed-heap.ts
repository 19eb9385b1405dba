/**
 * A binary heap whose items can change their place: the first one is at hand, and putting in, moving and taking out cost O(log n). `comesBefore`
 * must be a strict order; an item stands in the heap once.
 */
export class IndexedHeap<T> {
  readonly #comesBefore: (one: T, other: T) => boolean;
  readonly #items: T[] = [];
  readonly #places = new Map<T, number>();

  constructor(comesBefore: (one: T, other: T) => boolean) {
    this.#comesBefore = comesBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The item that comes before all others; undefined when there is none. */
  get first(): T | undefined {
    return this.#items[0];
  }

  /** Puts an item in, or moves it to where it belongs after it has changed. */
  put(item: T): void {
    const place = this.#places.get(item) ?? this.#items.length;
    this.#sink(this.#rise(place, item), item);
  }

  /** Takes an item out, if it is there. */
  remove(item: T): void {
    const place = this.#places.get(item);
    if (place === undefined) return;
    this.#places.delete(item);
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#sink(this.#rise(place, last), last);
  }

  /** Moves an item towards the first place as far as it comes before others. Returns its place. */
  #rise(from: number, item: T): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#items[above];
      if (parent === undefined || !this.#comesBefore(item, parent)) break;
      this.#set(place, parent);
      place = above;
    }
    this.#set(place, item);
    return place;
  }

  /** Moves an item away from the first place as long as another one below comes before it. */
  #sink(from: number, item: T): void {
    let place = from;
    for (;;) {
      const child = this.#firstChild(place);
      const below = child === undefined ? undefined : this.#items[child];
      if (child === undefined || below === undefined || !this.#comesBefore(below, item)) break;
      this.#set(place, below);
      place = child;
    }
    this.#set(place, item);
  }

  #firstChild(place: number): number | undefined {
    const left = this.#items[2 * place + 1];
    const right = this.#items[2 * place + 2];
    if (left === undefined) return undefined;
    return right !== undefined && this.#comesBefore(right, left) ? 2 * place + 2 : 2 * place + 1;
  }

  #set(place: number, item: T): void {
    this.#items[place] = item;
    this.#places.set(item, place);
  }
}
