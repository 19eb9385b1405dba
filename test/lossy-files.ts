import type { FileCalls } from '../src/platform/whole-file.ts';

interface Inode {
  text: string;
  /** What a power cut may leave of it: what was synced, and whatever the system wrote back since. */
  possible: Set<string>;
}

type Names = ReadonlyMap<string, Inode>;

/**
 * A file system that loses what was not synced, as cruelly as it may: a file that was made and not synced may be empty, one that was written to may
 * have any of its texts since the last sync, and names that were made, moved or removed may be so or not until their directory is synced.
 */
export class LossyFiles implements FileCalls {
  /** Is called before every change: the power may be cut there. */
  readonly #beforeChange: () => void;
  #names = new Map<string, Inode>();
  /** All that the names may be after a power cut, the newest last. */
  #possibleNames: Names[] = [new Map()];
  readonly #open = new Map<number, Inode | string>();
  #descriptors = 0;

  constructor(beforeChange: () => void = () => undefined) {
    this.#beforeChange = beforeChange;
  }

  openSync(path: string, flags: string | number): number {
    if (path === '/') return this.#descriptorOf(path);
    this.#beforeChange();
    let inode = this.#names.get(path);
    if (inode === undefined) {
      if (flags !== 'w') throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      inode = { text: '', possible: new Set(['']) };
      this.#rename(new Map([...this.#names, [path, inode]]));
    } else if (flags === 'w') {
      inode.text = '';
      inode.possible.add('');
    }
    return this.#descriptorOf(inode);
  }

  writeSync(descriptor: number, text: string, position = 0): number {
    this.#beforeChange();
    const inode = this.#inodeOf(descriptor);
    inode.text = inode.text.slice(0, position) + text + inode.text.slice(position + text.length);
    inode.possible.add(inode.text);
    return text.length;
  }

  fsyncSync(descriptor: number): void {
    this.#beforeChange();
    const target = this.#open.get(descriptor);
    if (typeof target === 'string') this.#possibleNames = [this.#names];
    else {
      const inode = this.#inodeOf(descriptor);
      inode.possible = new Set([inode.text]);
    }
  }

  closeSync(descriptor: number): void {
    this.#open.delete(descriptor);
  }

  renameSync(from: string, to: string): void {
    this.#beforeChange();
    const inode = this.#names.get(from);
    if (inode === undefined) throw new Error(`ENOENT: ${from}`);
    const names = new Map(this.#names).set(to, inode);
    names.delete(from);
    this.#rename(names);
  }

  rmSync(path: string): void {
    this.#beforeChange();
    const names = new Map(this.#names);
    names.delete(path);
    this.#rename(names);
  }

  /** All texts that a file may have after a power cut now; undefined among them where it may be missing. */
  possibleTexts(path: string): readonly (string | undefined)[] {
    return this.#possibleNames.flatMap((names) => [...(names.get(path)?.possible ?? [undefined])]);
  }

  #rename(names: Map<string, Inode>): void {
    this.#names = names;
    this.#possibleNames.push(names);
  }

  #descriptorOf(target: Inode | string): number {
    this.#descriptors += 1;
    this.#open.set(this.#descriptors, target);
    return this.#descriptors;
  }

  #inodeOf(descriptor: number): Inode {
    const inode = this.#open.get(descriptor);
    if (inode === undefined || typeof inode === 'string') throw new Error('not a file');
    return inode;
  }
}
