import { readFileSync } from 'node:fs';
import { readSharedText } from '../shared.ts';

/** A signature, and whether it holds by the rule of SPEC 2. */
export interface Ed25519Case {
  readonly source: string;
  readonly key: string;
  /** The bytes that were signed, in hex. */
  readonly message: string;
  readonly signature: string;
  readonly holds: boolean;
}

/** A few dozen cases of every kind, kept in this repository. */
export function readOwnVectors(): readonly Ed25519Case[] {
  return JSON.parse(readFileSync(new URL('../fixtures/ed25519.json', import.meta.url), 'utf8'));
}

/** All public vectors with the verdicts of the rule, from the folder beside the clone. */
export function readSharedVectors(): readonly Ed25519Case[] {
  const verdicts = readJson('rule-verdicts.json');
  return [
    ...readJson('cctv-ed25519vectors.json').map((vector: CctvVector, place: number) => ({
      source: `cctv ${vector.number}`,
      key: vector.key,
      message: Buffer.from(vector.msg).toString('hex'),
      signature: vector.sig,
      holds: verdicts.cctvAccepted.includes(place),
    })),
    ...readJson('speccheck-cases.json').map((vector: SpeccheckVector, place: number) => ({
      source: `speccheck ${place}`,
      key: vector.pub_key,
      message: vector.message,
      signature: vector.signature,
      holds: verdicts.speccheckAccepted.includes(place),
    })),
    ...readJson('zip215.json').map((vector: Zip215Vector, place: number) => ({
      source: `zip215 ${place}`,
      key: vector.vk_bytes,
      message: Buffer.from('Zcash').toString('hex'),
      signature: vector.sig_bytes,
      holds: verdicts.zip215Accepted.includes(place),
    })),
    ...readJson('wycheproof-ed25519.json').testGroups.flatMap(({ publicKey, tests }: WycheproofGroup) =>
      tests.map(({ tcId, msg, sig, result }) => ({
        source: `wycheproof ${tcId}`,
        key: publicKey.pk,
        message: msg,
        signature: sig,
        holds: result === 'valid',
      })),
    ),
    ...readSharedText(`${folder}/sign.input-djb-1024.txt`)
      .split('\n')
      .filter((line) => line !== '')
      .map((line, place) => {
        const [, key = '', message = '', signed = ''] = line.split(':');
        return { source: `djb ${place}`, key, message, signature: signed.slice(0, 128), holds: true };
      }),
  ];
}

/** The private keys of D. J. Bernstein's file, with what they sign and the signature that must come out. */
export function readSigningVectors(): readonly (Ed25519Case & { readonly seed: string })[] {
  const seeds = readSharedText(`${folder}/sign.input-djb-1024.txt`).split('\n');
  return readSharedVectors()
    .filter(({ source }) => source.startsWith('djb'))
    .map((vector, place) => ({ ...vector, seed: (seeds[place] ?? '').slice(0, 64) }));
}

const folder = 'vectors/ed25519';

function readJson(name: string) {
  return JSON.parse(readSharedText(`${folder}/${name}`));
}

interface CctvVector {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
}

interface SpeccheckVector {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

interface Zip215Vector {
  readonly vk_bytes: string;
  readonly sig_bytes: string;
}

interface WycheproofGroup {
  readonly publicKey: { readonly pk: string };
  readonly tests: readonly {
    readonly tcId: number;
    readonly msg: string;
    readonly sig: string;
    readonly result: string;
  }[];
}
