import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChainScanner, type ScannedItem } from '../../../src/cli/chain/chain-scanner.ts';
import { limits } from '../../../src/cli/chain/limits.ts';
import { chain } from '../../storage/contract.ts';

function scan(...pieces: readonly string[]): readonly ScannedItem[] {
  const scanner = new ChainScanner();
  return [...pieces.flatMap((piece) => [...scanner.read(piece)]), ...scanner.finish()];
}

/** What is found, in short: a chain by the number of its blocks when they are the ones of `chain`. */
function found(...pieces: readonly string[]): readonly string[] {
  const seen: string[] = [];
  let texts: string[] = [];
  for (const finding of scan(...pieces)) {
    if (finding.kind === 'begin') texts = [];
    else if (finding.kind === 'entry') texts.push(finding.text);
    else if (finding.kind === 'line') seen.push(`line ${finding.text}`);
    else if (finding.kind === 'broken') seen.push(finding.why);
    else
      seen.push(JSON.stringify(texts) === JSON.stringify(blocks.slice(0, texts.length)) ? `${texts.length}` : 'other');
  }
  return seen;
}

const blocks = chain.map((block) => JSON.stringify(block));
const whole = `[${blocks.join(',')}]`;
const count = String(chain.length);

const session = `Enter token balance:100
You are validator ${'a'.repeat(64)} with 100 tokens.

Enter a new BPM:
[${blocks.slice(0, 2).join(',')}]

Enter a new BPM:72
Candidate for block 2: BPM 72.

Enter a new BPM:
winning validator: ${'a'.repeat(64)}
Ticket 3 of 100 was drawn; yours were 0 to 99.
You won block 2.

Enter a new BPM:${whole}

Enter a new BPM:`;

describe('the scanner', () => {
  it('finds a chain that stands alone', () => {
    expect(found(whole)).toEqual([count]);
    expect(found(`${whole}\n`)).toEqual([count]);
  });

  it('finds every chain in what somebody saw, also behind a prompt on the same line', () => {
    expect(found(session)).toEqual(['2', count]);
    expect(found(session.replaceAll('\n', '\r\n'))).toEqual(['2', count]);
  });

  it('is not misled by the brackets of a shell, nor by what people type', () => {
    expect(found(`[me@host ~]$ nc localhost 9000\n[ ] {x} [[1]]\n{"\n${whole}`)).toEqual([
      'a line of it breaks off',
      count,
    ]);
    expect(found(`[1,2] [] [${whole}`)).toEqual([count]);
  });

  it('takes white space out of a chain that was laid out anew', () => {
    for (const space of [1, 2, '\t']) expect(found(JSON.stringify(chain, undefined, space))).toEqual([count]);
  });

  it('puts lines together again that a terminal has broken', () => {
    for (const width of [7, 80, 100]) {
      const broken = whole.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
      expect(found(broken)).toEqual([count]);
    }
  });

  it('tells a chain that breaks off from the one after it, wherever it does', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 2), (place) => {
        const text = `${whole.slice(0, place + 1)}\nEnter token balance:\n${whole}\n`;
        const results = found(text);
        expect(results.at(-1)).toBe(count);
        expect(results.length).toBe(place === 0 ? 1 : 2);
      }),
    );
  });

  it('refuses what is nested deeper than any block as soon as it is, and reads on behind it', () => {
    const nested = (depth: number): string => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
    const deepest = nested(limits.entryDepthMax);
    expect(scan(`[${deepest}]`)).toContainEqual({ kind: 'entry', text: deepest });
    for (const deep of [nested(limits.entryDepthMax + 1), `{"a":${'['.repeat(1_000_000)}`]) {
      expect(found(`[${deep}\n${whole}`)).toEqual(['block 0 is nested deeper than any block', count]);
      expect(found(`${deep}\n${whole}`)).toEqual(['a line of it is nested deeper than any block', count]);
    }
    expect(found(`${'['.repeat(1_000_000)}\n${whole}`)).toEqual([count]);
  });

  it('refuses a string that is longer than any of a block as soon as it is, and takes no room for white space', () => {
    const longest = `{"a":"${'x'.repeat(limits.entryStringMax - 1)}"}`;
    expect(scan(`[${longest}]`)).toContainEqual({ kind: 'entry', text: longest });
    expect(found(`[{"a":"${'x'.repeat(limits.entryStringMax)}`)).toEqual([
      'block 0 has a longer string than any block',
    ]);
    expect(scan(`[{"a":${' '.repeat(1_000_000)}1}]`)).toContainEqual({ kind: 'entry', text: '{"a":1}' });
  });

  it('says where a chain breaks off', () => {
    expect(found(whole.slice(0, -10))).toEqual([`block ${chain.length - 1} breaks off`]);
    expect(found(`[${blocks[0]},`)).toEqual(['it breaks off after 1 blocks']);
    expect(found(`[${blocks[0]}`)).toEqual(['it breaks off after 1 blocks']);
  });

  it('finds the same, however the text is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(session.length), { maxLength: 20 }), (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), session.length];
        const pieces = places.slice(1).map((place, at) => session.slice(places[at], place));
        expect(found(...pieces)).toEqual(['2', count]);
      }),
    );
  });

  it('keeps its peace with any text, and finds the chain behind it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'[]{}",:\\ \nab1') });
    fc.assert(
      fc.property(text, (noise) => {
        expect(found(`${noise}\n Enter token balance: ?\n${whole}`).at(-1)).toBe(count);
      }),
    );
  });

  it('gives the lines of an export', () => {
    const lines = blocks.map((block) => `${block}\n`).join('');
    expect(found(lines)).toEqual(blocks.map((block) => `line ${block}`));
    expect(found(`${lines}{"Index":`)).toEqual([...blocks.map((block) => `line ${block}`), 'a line of it breaks off']);
  });

  it('lets nothing else stand between the lines of an export, or one could be lost unseen', () => {
    const [first, second] = blocks.slice(0, 2).map((block) => `line ${block}`);
    const stray = 'something else stands behind line 1 of it';
    for (const between of [' ', 'x\n', '\n$ \n', '\n{ ', '\n{\n', '\n"', '\n[]\n']) {
      expect(found(`${blocks[0]}${between}${blocks[1]}\n`).slice(0, 2), between).toEqual([first, stray]);
    }
    expect(found(`${blocks[0]} \r\n\n${blocks[1]}`)).toEqual([first, second]);
    expect(found(`${blocks[0]}\n${whole}`)).toEqual([first, stray, count]);
  });

  it('gives up an entry that is larger than any can be', () => {
    const piece = `${'x'.repeat(limits.entryStringMax - 3)}":1,"`.repeat(5000);
    const pieces = Array.from({ length: Math.ceil(limits.entryBytesMax / piece.length) + 1 }, () => piece);
    expect(found('[{"', ...pieces, whole)).toEqual(['block 0 is too long', count]);
  });
});
