import type { DrawnBlock } from '../core/block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import type { Seal } from '../http/api/types.ts';
import { fetchBlock } from './api-client.ts';
import { element, setText } from './elements.ts';
import { type SealAlarm, SealWitness } from './seal-witness.ts';
import { sealWords } from './seal-words.ts';

/** What a draw waits for that has its pool sealed, round by round, and the alarm when a block is drawn from another pool. */
export class SealPanel {
  readonly #words: HTMLElement = element('p');
  readonly #notice: HTMLElement = element('p');
  readonly #alarm: HTMLElement = element('div', { role: 'alert' });
  readonly root: HTMLElement = element('div', { class: 'seal', hidden: '' }, this.#words, this.#notice, this.#alarm);
  #witness: Promise<SealWitness | undefined> | undefined;
  #seal: Seal | undefined;

  /** Shows what the draw waits for now. `isNew` says that the page was there when the pool was sealed. */
  show(seal: Seal | undefined, isNew: boolean): void {
    const isOther = seal !== undefined && seal.index !== this.#seal?.index;
    this.#seal = seal;
    this.tick(Date.now());
    if (seal === undefined || !isOther) return;
    const heardMs = Date.now();
    setText(this.#notice, '');
    void this.#ask((witness) => {
      this.#sound(witness.hear(seal));
      if (isNew) setText(this.#notice, witness.lateness(seal, heardMs) ?? '');
    });
  }

  /** A block was drawn, which must be of the pool that was sealed. */
  judge(block: DrawnBlock): void {
    if (block.Draw.Sealed === undefined) return;
    void this.#ask((witness) => {
      const isRemembered = witness.remembers(block.Index);
      const alarm = witness.judge(block);
      this.#sound(alarm);
      if (isRemembered && alarm === undefined)
        setText(this.#notice, `✓ Block ${block.Index} was drawn from the very pool that this page saw sealed.`);
    });
  }

  /** The time goes on. */
  tick(unixMs: number): void {
    setText(this.#words, this.#seal === undefined ? '' : sealWords(this.#seal, unixMs));
    // A lottery without beacons has no room for it.
    this.root.hidden = this.root.textContent === '';
  }

  /** The genesis is asked for once, with the first pool that is sealed. */
  async #ask(use: (witness: SealWitness) => void): Promise<void> {
    this.#witness ??= loadWitness().catch(() => undefined);
    const witness = await this.#witness;
    if (witness === undefined) this.#witness = undefined;
    else use(witness);
  }

  /** An alarm stays: it is about all blocks from then on. */
  #sound(alarm: SealAlarm | undefined): void {
    if (alarm === undefined) return;
    this.#alarm.replaceChildren(
      element('strong', {}, `Do not trust this server. ${alarm.why}`),
      ...(alarm.evidence === undefined ? [] : evidenceParts(alarm.evidence)),
    );
    // What stays hidden is no alarm.
    this.root.hidden = false;
  }
}

function evidenceParts(evidence: string): readonly HTMLElement[] {
  return [
    element('p', {}, 'Keep this in a file: the command verify --evidence FILE shows anybody whether it convicts.'),
    element('textarea', { readonly: '', rows: '3', 'aria-label': 'Evidence' }, evidence),
  ];
}

/** The library of signatures is loaded with it. Undefined where the server has no genesis. */
async function loadWitness(): Promise<SealWitness | undefined> {
  const [json, { verifySignature }] = await Promise.all([fetchBlock(0), import('../core/portable-ed25519.ts')]);
  const parsed = parseGenesisBlock(json);
  return 'value' in parsed ? new SealWitness(parsed.value, verifySignature) : undefined;
}
