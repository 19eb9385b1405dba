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
  /** The block of its first candidate. */
  #candidateBlock: number | undefined;
  /** The block of the first winner that it heard of, once that is known. */
  #firstBlock: number | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (chunk: string) => this.#onEvent(chunk));
    socket.on('error', () => undefined);
  }

  static async join(port: number): Promise<Witness> {
    const witness = await Witness.connect(port, '127.0.0.1');
    await witness.play();
    return witness;
  }

  /** Somebody who has not said anything yet. */
  static async connect(port: number, host: string): Promise<Witness> {
    const socket = connect({ port, host, noDelay: true });
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Witness(socket);
  }

  /** Takes a seat, and resolves when its first candidate is taken. */
  async play(): Promise<void> {
    this.#socket.write('100\n');
    this.propose();
    await this.nextCandidate();
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

  /** The winners it heard of, by their blocks; none before it knows of which block one of them is. */
  *heard(): Generator<readonly [number, string]> {
    if (this.#firstBlock === undefined) return;
    for (const [place, winner] of this.#winners.entries()) yield [this.#firstBlock + place, winner];
  }

  leave(): void {
    this.#socket.destroy();
  }

  #onEvent(chunk: string): void {
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
      this.#candidateBlock ??= Number(block);
      this.#candidateTaken();
    }
    // The first draw in which it has tickets is that of its first candidate; one that was under way before has none of them.
    if (line.includes('; yours were ') && this.#candidateBlock !== undefined)
      this.#firstBlock ??= this.#candidateBlock - this.#winners.length + 1;
    const [, won] = /^You won block (\d+)\.$/.exec(line) ?? [];
    if (won !== undefined) this.#firstBlock = Number(won) - this.#winners.length + 1;
  }
}
