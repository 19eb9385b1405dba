import { spawnSync } from 'node:child_process';

const isolated = '10.213.77';

/**
 * A network of its own for every node: a namespace each, on one of two bridges. Nodes on different bridges do not reach each other. All of it is gone
 * with the enclosure in which it is made.
 */
export class Namespaces {
  readonly #name: string;
  readonly #nodes: number;

  private constructor(name: string, nodes: number) {
    this.#name = name;
    this.#nodes = nodes;
  }

  /** Undefined where this user or this machine cannot make them. */
  static make(nodes: number): Namespaces | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
    // The names of devices have 15 characters at most.
    const namespaces = new Namespaces(`st${process.pid}`, nodes);
    try {
      namespaces.#build();
      return namespaces;
    } catch {
      namespaces.#remove();
      return undefined;
    }
  }

  hostOf(node: number): string {
    return `${isolated}.${node + 1}`;
  }

  /** The words that run a command in the network of a node. */
  through(node: number): readonly string[] {
    return ['ip', 'netns', 'exec', this.#namespace(node)];
  }

  /** Moves these nodes to the other bridge. */
  separate(nodes: readonly number[]): void {
    for (const node of nodes) this.#move(node, this.#bridge('b'));
  }

  heal(nodes: readonly number[]): void {
    for (const node of nodes) this.#move(node, this.#bridge('a'));
  }

  /** Takes away what was made; nothing that others made. */
  #remove(): void {
    for (let node = 0; node < this.#nodes; node++) tryIp('netns', 'delete', this.#namespace(node));
    for (const side of ['a', 'b'] as const) tryIp('link', 'delete', this.#bridge(side));
  }

  #build(): void {
    for (const side of ['a', 'b'] as const) {
      ip('link', 'add', this.#bridge(side), 'type', 'bridge');
      ip('link', 'set', this.#bridge(side), 'up');
    }
    ip('address', 'add', `${isolated}.254/24`, 'dev', this.#bridge('a'));
    for (let node = 0; node < this.#nodes; node++) {
      const namespace = this.#namespace(node);
      ip('netns', 'add', namespace);
      ip('link', 'add', this.#device(node), 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      ip('-n', namespace, 'address', 'add', `${this.hostOf(node)}/24`, 'dev', 'eth0');
      ip('-n', namespace, 'link', 'set', 'lo', 'up');
      ip('-n', namespace, 'link', 'set', 'eth0', 'up');
      this.#move(node, this.#bridge('a'));
      ip('link', 'set', this.#device(node), 'up');
    }
  }

  #move(node: number, bridge: string): void {
    ip('link', 'set', this.#device(node), 'master', bridge);
  }

  #namespace(node: number): string {
    return `${this.#name}-${node}`;
  }

  #device(node: number): string {
    return `${this.#name}v${node}`;
  }

  #bridge(side: 'a' | 'b'): string {
    return `${this.#name}${side}`;
  }
}

function tryIp(...words: readonly string[]): boolean {
  return spawnSync('ip', words, { stdio: 'ignore' }).status === 0;
}

function ip(...words: readonly string[]): void {
  if (!tryIp(...words)) throw new Error(`ip ${words.join(' ')} failed`);
}
