import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Room for the journal of an ext4 (4 MB) and a small chain. */
const diskBytes = 33_554_432;

/**
 * A disk of its own: an ext4 in a file. What is in that file at a moment is what a power cut at that moment leaves: the system has handed over
 * what was synced, and of the rest what it happened to have written back.
 */
export class LoopDisk {
  readonly #workplace: string;
  /** Where it is mounted. */
  readonly place: string;

  private constructor(workplace: string) {
    this.#workplace = workplace;
    this.place = join(workplace, 'disk');
  }

  /** A new, empty disk. Throws where this user or this machine cannot mount one. */
  static make(): LoopDisk {
    const disk = LoopDisk.#prepare();
    const { image } = disk;
    writeFileSync(image, '');
    truncateSync(image, diskBytes);
    try {
      run('mkfs.ext4', ['-q', '-F', image]);
      disk.#mount();
    } catch (error) {
      disk.remove();
      throw error;
    }
    return disk;
  }

  /** True where disks can be made. */
  static isPossible(): boolean {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
    try {
      LoopDisk.make().remove();
      return true;
    } catch {
      return false;
    }
  }

  static #prepare(): LoopDisk {
    const disk = new LoopDisk(mkdtempSync(join(tmpdir(), 'sortition-disk-')));
    mkdirSync(disk.place);
    return disk;
  }

  get image(): string {
    return join(this.#workplace, 'image');
  }

  /** The disk as it is found after a power cut now. Whoever writes to it should be suspended, so that there is one such moment. */
  afterPowerCut(): LoopDisk {
    let bytes = readFileSync(this.image);
    // The system writes by itself, too: what is the same twice was whole.
    for (;;) {
      const again = readFileSync(this.image);
      if (again.equals(bytes)) break;
      bytes = again;
    }
    const disk = LoopDisk.#prepare();
    writeFileSync(disk.image, bytes);
    disk.#mount();
    return disk;
  }

  remove(): void {
    spawnSync('umount', ['--lazy', this.place]);
    rmSync(this.#workplace, { recursive: true, force: true });
  }

  #mount(): void {
    run('mount', ['-o', 'loop', this.image, this.place]);
  }
}

function run(command: string, words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
}
