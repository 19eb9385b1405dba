/** A tone: its pitch in hertz, how long it sounds and how loud it begins. */
interface Tone {
  readonly hertz: number;
  readonly seconds: number;
  readonly gain: number;
}

const tick: Tone = { hertz: 880, seconds: 0.04, gain: 0.05 };
/** A fifth and an octave above it. */
const chord: readonly Tone[] = [440, 660, 880].map((hertz) => ({ hertz, seconds: 1.2, gain: 0.12 }));
const ticks = 14;

/** The sound of a draw, made by the browser itself: ticks that slow down while the ticket travels, and a chord when it lands. */
export class DrawSound {
  readonly #context = new AudioContext();

  /** Ticks for so long, slower towards the end. */
  fall(fallMs: number): void {
    for (let count = 0; count < ticks; count++) this.#play(tick, ((count / ticks) ** 2 * fallMs) / 1000);
  }

  land(): void {
    for (const [place, tone] of chord.entries()) this.#play(tone, place / 10);
  }

  close(): void {
    void this.#context.close();
  }

  /** Plays a tone that fades away, in so many seconds. */
  #play({ hertz, seconds, gain }: Tone, inSeconds: number): void {
    const context = this.#context;
    const start = context.currentTime + inSeconds;
    const volume = new GainNode(context, { gain });
    volume.gain.setValueAtTime(gain, start);
    volume.gain.exponentialRampToValueAtTime(gain / 100, start + seconds);
    const source = new OscillatorNode(context, { type: 'triangle', frequency: hertz });
    source.connect(volume).connect(context.destination);
    source.start(start);
    source.stop(start + seconds);
  }
}
