import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from './measure.ts';

const linesPerRun = 150;
/** Below the 100 lines a second that a server takes from one person. */
const lineEveryMs = 11;

/** One honest person at nc. */
export class BenchPerson {
  readonly #socket: Socket;
  #text = '';
  #look: () => void = () => undefined;

  private constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1').on('data', (text: string) => {
      // A chain has no prompt in it, so its last piece is enough.
      this.#text = (this.#text + text).slice(-200);
      this.#look();
    });
  }

  /** @param firstLine what they type first: a balance, unless the chain needs none */
  static async join(port: number, firstLine: string = '10\n'): Promise<BenchPerson> {
    const person = new BenchPerson(port);
    await person.answer(firstLine);
    return person;
  }

  /** The median of the milliseconds that an answer takes. */
  async answerMs(): Promise<number> {
    const milliseconds: number[] = [];
    for (let line = 0; line < linesPerRun; line++) {
      const startMs = performance.now();
      await this.answer('\n');
      milliseconds.push(performance.now() - startMs);
      await delay(lineEveryMs);
    }
    return quantile(milliseconds, 0.5);
  }

  leave(): void {
    this.#socket.destroy();
  }

  /** Types what is no BPM, and is gone once they are slashed: what they proposed goes with them. */
  async beSlashed(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.write('no BPM\n');
    await closed;
  }

  /** Types a line and waits for the prompt that follows its answer. */
  async answer(line: string): Promise<void> {
    this.#text = '';
    this.#socket.write(line);
    while (!this.#text.includes('\nEnter a new BPM:')) {
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}
