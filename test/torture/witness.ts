import { connect, type Socket } from 'node:net';

/** Somebody who proposes in every round, and remembers who won. */
export class Witness {
  readonly #socket: Socket;
  readonly #winners: string[] = [];
  #text = '';
  #candidateTaken: () => void = () => undefined;
  #drawHeard: () => void = () => undefined;
  /** It does not propose by itself. */
  isQuiet = false;
  #firstBlock: number | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (chunk: string) => this.#hear(chunk));
    socket.on('error', () => undefined);
  }

  static async join(port: number): Promise<Witness> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const witness = new Witness(socket);
    socket.write('100\n');
    witness.propose();
    await witness.nextCandidate();
    return witness;
  }

  /** How many draws it has heard of. */
  get draws(): number {
    return this.#winners.length;
  }

  propose(): void {
    this.#socket.write('72\n');
  }

  /** Resolves when its next candidate is taken: a draw is near then. */
  async nextCandidate(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#candidateTaken = resolve;
      this.#socket.once('close', () => resolve());
      this.propose();
    });
  }

  /** Resolves when it has heard of one more draw; rejects when the connection ends before that. */
  async nextDraw(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#drawHeard = resolve;
      this.#socket.once('close', () => reject(new Error('the connection ended before the next draw')));
    });
  }

  /** The winners it heard of, by their blocks; its first candidate was for the block after `height` or the one behind that. */
  *heard(height: number): Generator<readonly [number, string]> {
    const first = this.#firstBlock ?? height + 1;
    for (const [place, winner] of this.#winners.entries()) yield [first + place, winner];
  }

  leave(): void {
    this.#socket.destroy();
  }

  #hear(chunk: string): void {
    this.#text += chunk;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      this.#hearLine(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 1);
    }
  }

  #hearLine(line: string): void {
    const [, winner] = /^winning validator: ([0-9a-f]{64})$/.exec(line) ?? [];
    const [, block] = /Candidate for block (\d+): /.exec(line) ?? [];
    if (winner !== undefined) {
      this.#winners.push(winner);
      this.#drawHeard();
      if (!this.isQuiet) this.propose();
    }
    if (block !== undefined) {
      // All winners from now on are those of this block and the ones after it, unless a draw was under way when it joined.
      this.#firstBlock ??= Number(block) - this.#winners.length;
      this.#candidateTaken();
    }
    const [, won] = /^You won block (\d+)\.$/.exec(line) ?? [];
    if (won !== undefined) this.#firstBlock = Number(won) - this.#winners.length + 1;
  }
}
