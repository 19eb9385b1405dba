import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { isHash } from '../core/hash.ts';
import { accepted, isHex, isWhole, type Parsed, parseRecord } from '../core/json-record.ts';
import type { Signer } from '../core/keys.ts';
import { addressOf } from '../ledger/address.ts';
import { decrypt, encrypt } from './authenticated-cipher.ts';
import { limits } from './limits.ts';
import { entropyOf, phraseOf, walletSigner } from './wallet-keys.ts';

/** The version of the files that this program writes, and the only one that it reads. */
const version = 1;

/** scrypt's cost in time and memory (RFC 7914): N, a power of two. Its other parameters are always r = 8 and p = 1. */
const blockSize = 8;
const parallelization = 1;

/** The N of a new wallet: each guess at its passphrase takes 128 MB and some tenths of a second. */
export const usualCost: number = 2 ** 17;

/** What a wallet file says in plain: whose it is, and how its key is made of the passphrase. */
interface PlainPart {
  readonly Version: typeof version;
  readonly Address: string;
  readonly Key: string;
  /** The i of m/44'/1'/i'. */
  readonly Account: number;
  readonly Scrypt: { readonly N: number; readonly R: number; readonly P: number; readonly Salt: string };
}

/** A wallet as its file holds it: the words' entropy is encrypted with the passphrase, and the tag protects the plain part, too. */
export interface SealedWallet extends PlainPart {
  readonly Cipher: { readonly Nonce: string; readonly Ciphertext: string; readonly Tag: string };
}

/** A wallet that its passphrase has opened. */
export interface OpenWallet {
  readonly phrase: string;
  readonly signer: Signer;
}

/**
 * Encrypts the words of a wallet with AES-256-GCM under a key that scrypt makes of the passphrase. Salt and nonce are new each time. `phrase` must
 * have passed parsePhrase.
 */
export async function sealWallet(
  phrase: string,
  account: number,
  passphrase: string,
  cost: number,
): Promise<SealedWallet> {
  const { key } = walletSigner(phrase, account);
  const plain: PlainPart = {
    Version: version,
    Address: addressOf(key),
    Key: key,
    Account: account,
    Scrypt: { N: cost, R: blockSize, P: parallelization, Salt: randomBytes(32).toString('hex') },
  };
  const nonce = randomBytes(12);
  const input = { key: await stretch(passphrase, plain), nonce, associated: associatedBytes(plain) };
  const { ciphertext, tag } = encrypt(input, entropyOf(phrase));
  return { ...plain, Cipher: { Nonce: nonce.toString('hex'), Ciphertext: hexOf(ciphertext), Tag: hexOf(tag) } };
}

/** Opens a wallet. Undefined where the passphrase is wrong, or the file was changed since it was written: the two cannot be told apart. */
export async function openWallet(
  { Cipher, ...plain }: SealedWallet,
  passphrase: string,
): Promise<OpenWallet | undefined> {
  const input = {
    key: await stretch(passphrase, plain),
    nonce: Buffer.from(Cipher.Nonce, 'hex'),
    associated: associatedBytes(plain),
  };
  const encrypted = { ciphertext: Buffer.from(Cipher.Ciphertext, 'hex'), tag: Buffer.from(Cipher.Tag, 'hex') };
  const entropy = decrypt(input, encrypted);
  if (entropy === undefined) return undefined;
  const phrase = phraseOf(entropy);
  return { phrase, signer: walletSigner(phrase, plain.Account) };
}

/** The text of a wallet's file: a line of JSON. */
export function walletText(wallet: SealedWallet): string {
  return `${JSON.stringify(wallet)}\n`;
}

/** Reads the text of a wallet's file, or says why it is none, in words that follow the name of the file. */
export function parseWallet(text: string): Parsed<SealedWallet> {
  if (text.trim() === '')
    return { why: 'is empty: its writing was cut short before any words were shown, so remove it' };
  const json = parseJson(text);
  if (json === undefined)
    return { why: 'is cut or damaged: it is not whole JSON. Bring the wallet back from its words' };
  const found = readVersion(json);
  if (found !== undefined && found !== version)
    return { why: `is of version ${found}, and this program reads version ${version}: a newer one wrote it` };
  const parsed = parseFields(json);
  return 'value' in parsed ? parsed : { why: `is damaged or no wallet: ${parsed.why}` };
}

function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function readVersion(json: unknown): number | undefined {
  if (typeof json !== 'object' || json === null || !('Version' in json)) return undefined;
  return isWhole(json.Version, 0) ? json.Version : undefined;
}

function parseFields(json: unknown): Parsed<SealedWallet> {
  const all = ['Version', 'Address', 'Key', 'Account', 'Scrypt', 'Cipher'];
  const wallet = parseRecord('a wallet', json, { all });
  if ('why' in wallet) return wallet;
  const { Version, Address, Key, Account } = wallet.value;
  if (Version !== version) return { why: `Version must be ${version}` };
  if (!isHash(Key)) return { why: `Key ${accepted.hex(64)}` };
  if (Address !== addressOf(Key)) return { why: 'Address is not that of Key' };
  if (!isWhole(Account, 0, limits.walletAccountMax))
    return { why: `Account ${accepted.whole(0, limits.walletAccountMax)}` };
  const cost = parseScrypt(wallet.value['Scrypt']);
  if ('why' in cost) return cost;
  const cipher = parseCipher(wallet.value['Cipher']);
  if ('why' in cipher) return cipher;
  return { value: { Version, Address, Key, Account, Scrypt: cost.value, Cipher: cipher.value } };
}

function parseScrypt(json: unknown): Parsed<SealedWallet['Scrypt']> {
  const record = parseRecord('Scrypt', json, { all: ['N', 'R', 'P', 'Salt'] });
  if ('why' in record) return record;
  const { N, R, P, Salt } = record.value;
  if (!isWhole(N, 2) || !Number.isInteger(Math.log2(N))) return { why: 'Scrypt.N must be a power of two' };
  if (N > limits.scryptCostMax) {
    const gigabytes = (128 * blockSize * N) / 2 ** 30;
    return {
      why: `Scrypt.N is ${N}, at most ${limits.scryptCostMax} is accepted: it would take ${gigabytes} GB of memory`,
    };
  }
  if (R !== blockSize || P !== parallelization)
    return { why: `Scrypt must have R ${blockSize} and P ${parallelization}` };
  if (!isHex(Salt, 64)) return { why: `Scrypt.Salt ${accepted.hex(64)}` };
  return { value: { N, R, P, Salt } };
}

function parseCipher(json: unknown): Parsed<SealedWallet['Cipher']> {
  const record = parseRecord('Cipher', json, { all: ['Nonce', 'Ciphertext', 'Tag'] });
  if ('why' in record) return record;
  const { Nonce, Ciphertext, Tag } = record.value;
  if (!isHex(Nonce, 24)) return { why: `Cipher.Nonce ${accepted.hex(24)}` };
  if (!isHex(Tag, 32)) return { why: `Cipher.Tag ${accepted.hex(32)}` };
  // The entropy of 12, 15, 18, 21 or 24 words (BIP-39).
  const digits = [32, 40, 48, 56, 64].find((length) => isHex(Ciphertext, length));
  if (digits === undefined || !isHex(Ciphertext, digits))
    return { why: `Cipher.Ciphertext ${accepted.hex(32)}, or up to 64` };
  return { value: { Nonce, Ciphertext, Tag } };
}

/** The bytes that the tag protects although they stand in plain. */
function associatedBytes({ Version, Address, Key, Account, Scrypt }: PlainPart): Uint8Array {
  return Buffer.from(JSON.stringify({ Version, Address, Key, Account, Scrypt }));
}

/**
 * The key that scrypt makes of a passphrase, in Unicode's form NFKD, so that each keyboard gives the same bytes. It computes on a thread of
 * Node's pool: the event loop goes on.
 */
function stretch(passphrase: string, { Scrypt }: PlainPart): Promise<Uint8Array> {
  const { N, R: r, P: p, Salt } = Scrypt;
  // What OpenSSL asks for. Node would refuse more than 32 MB by itself.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * r * (N + p + 2) };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKD'), Buffer.from(Salt, 'hex'), 32, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
