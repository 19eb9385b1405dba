import { readFileSync } from 'node:fs';

/** Environment variables that npm and compatible runners set for every process of a script. */
const markNames = ['npm_lifecycle_event', 'npm_lifecycle_script'] as const;

/**
 * The program that runs this process as a script of a package.json, such as npm. On Linux there is a shell between the two. The shell outlives a
 * `kill -9` of npm, so the parent of this process does not change then. Without /proc the parent is taken for the runner, because the shells of
 * other systems replace themselves by the last command of a script.
 */
export class ScriptRunner {
  /** The ancestors of this process as they were at the start: its parent first, the runner last. */
  readonly #ancestors: readonly number[];

  private constructor(ancestors: readonly number[]) {
    this.#ancestors = ancestors;
  }

  /** The runner of this process; undefined when it does not run as a script, so that nothing follows from the end of its parent. */
  static find(): ScriptRunner | undefined {
    const marks = markNames.flatMap((name) => (process.env[name] === undefined ? [] : `${name}=${process.env[name]}`));
    if (marks.length === 0) return undefined;
    const ancestors = [process.ppid];
    for (let pid = process.ppid; isMarked(pid, marks); ) {
      const parent = parentOf(pid);
      if (parent === undefined) break;
      ancestors.push(parent);
      pid = parent;
    }
    return new ScriptRunner(ancestors);
  }

  /** True when the runner has ended. An orphan gets another parent at once, so a reused process number causes no error here. */
  get isGone(): boolean {
    return this.#ancestors.some((ancestor, place) => parentOf(this.#ancestors[place - 1]) !== ancestor);
  }
}

/** The parent of a process (proc(5)), by default of this one; undefined where the system does not report it. */
function parentOf(pid: number | undefined): number | undefined {
  if (pid === undefined) return process.ppid;
  const [, parent] = /^PPid:\t([1-9]\d*)$/m.exec(read(`/proc/${pid}/status`)) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** Whether a process belongs to the script itself. The runner does not, even when it belongs to a script of another name. */
function isMarked(pid: number, marks: readonly string[]): boolean {
  const environment = read(`/proc/${pid}/environ`).split('\0');
  return marks.every((mark) => environment.includes(mark));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
