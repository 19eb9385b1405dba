import type { Block } from '../../core/block.ts';
import { parseBlock } from '../../core/parse-block.ts';
import type { ChainCalls } from '../api/rpc-types.ts';
import type { Status } from '../api/types.ts';
import { limits } from './limits.ts';
import { type MethodTable, method, notFound } from './method.ts';
import { blockName, wholeNumber } from './param-forms.ts';
import { amount, count, exactly, hash } from './schemas.ts';

/** What these methods read. */
export interface ChainReader {
  status(): Status;
  /** The texts of the stored blocks from `first` to `last`, of those that there are. */
  blockRange(first: number, last: number): Promise<readonly string[]>;
  blockByHash(hash: string): Promise<string | undefined>;
  validators(): Iterable<{ readonly address: string; readonly stake: bigint }>;
}

type Found = { readonly result: Block } | ReturnType<typeof notFound>;

/** The methods that tell of the chain and of the people. */
export function chainMethods(reader: ChainReader): MethodTable<ChainCalls> {
  /** Block `index`. One that is stored can be asked for only when it was announced. */
  const readBlock = async (index: number): Promise<Found> => {
    const { height } = reader.status();
    const [text] = index <= height ? await reader.blockRange(index, index) : [];
    return text === undefined ? notFound(`there is no block ${index}: the last is ${height}`) : blockOf(text);
  };
  const readBlockByHash = async (hash: string): Promise<Found> => {
    const text = await reader.blockByHash(hash);
    const found = text === undefined ? undefined : blockOf(text);
    return found === undefined || found.result.Index > reader.status().height
      ? notFound(`there is no block with the hash ${hash}`)
      : found;
  };
  return {
    getinfo: method<ChainCalls['getinfo']>({
      summary: 'where the chain and its people stand',
      access: 'reading',
      params: {},
      result: {
        name: 'info',
        schema: exactly(
          {
            Version: { type: 'string' },
            ChainId: hash,
            Kind: { type: 'string', enum: ['lottery', 'work', 'instant'] },
            Sandbox: { type: 'boolean' },
            Seed: { type: 'string' },
            Height: count,
            Hash: hash,
            Phase: { type: 'string' },
            IntervalMs: count,
            RemainingMs: count,
            Candidates: count,
            TotalStake: amount,
            Validators: count,
            Connections: count,
          },
          ['Sandbox', 'Seed', 'IntervalMs', 'RemainingMs'],
        ),
      },
      async run() {
        const status = reader.status();
        const [genesis, tip] = [await readBlock(0), await readBlock(status.height)];
        if ('error' in genesis) return genesis;
        if ('error' in tip) return tip;
        if (!('Genesis' in genesis.result)) throw new Error('block 0 is no genesis');
        const { Kind } = genesis.result.Genesis.Consensus;
        const round = { IntervalMs: status.intervalMs, RemainingMs: status.remainingMs };
        const result = {
          Version: status.version,
          ChainId: genesis.result.Hash,
          Kind,
          ...(status.sandbox === true ? { Sandbox: true } : {}),
          ...(status.seed === undefined ? {} : { Seed: status.seed }),
          Height: status.height,
          Hash: tip.result.Hash,
          Phase: status.phase,
          ...(Kind === 'lottery' ? round : {}),
          Candidates: status.candidates,
          TotalStake: status.totalStake,
          Validators: status.validators,
          Connections: status.connections,
        };
        return { result };
      },
    }),
    getblockcount: method<ChainCalls['getblockcount']>({
      summary: 'how many blocks came after block 0, which is the index of the last one',
      access: 'reading',
      params: {},
      result: { name: 'height', schema: count },
      run: () => ({ result: reader.status().height }),
    }),
    getblockhash: method<ChainCalls['getblockhash']>({
      summary: 'the hash of a block',
      access: 'reading',
      params: { index: wholeNumber('the index of a block', { min: 0, max: Number.MAX_SAFE_INTEGER }) },
      result: { name: 'hash', schema: hash },
      async run({ index }) {
        const found = await readBlock(index);
        return 'error' in found ? found : { result: found.result.Hash };
      },
    }),
    getblock: method<ChainCalls['getblock']>({
      summary: 'a block, by its index or its hash',
      access: 'reading',
      params: { block: blockName },
      result: { name: 'block', schema: { type: 'object' } },
      run: ({ block }) => (typeof block === 'number' ? readBlock(block) : readBlockByHash(block)),
    }),
    getvalidators: method<ChainCalls['getvalidators']>({
      summary: 'who is connected as a validator, the largest stakes first',
      access: 'reading',
      params: {
        from: wholeNumber('how many to leave out', { min: 0, max: Number.MAX_SAFE_INTEGER, initial: 0 }),
        limit: wholeNumber('how many to list', { min: 1, max: limits.validatorsPerAnswerMax, initial: 100 }),
      },
      result: {
        name: 'validators',
        schema: exactly({
          Total: count,
          Validators: { type: 'array', items: exactly({ Validator: hash, Stake: amount }) },
        }),
      },
      run({ from, limit }) {
        const all = [...reader.validators()].sort((one, other) => (one.stake < other.stake ? 1 : -1));
        const part = all.slice(from, from + limit);
        const Validators = part.map(({ address, stake }) => ({ Validator: address, Stake: String(stake) }));
        return { result: { Total: all.length, Validators } };
      },
    }),
  };
}

/** Block `index` as it is stored; undefined where there is none. */
export async function readStoredBlock(
  reader: Pick<ChainReader, 'blockRange'>,
  index: number,
): Promise<Block | undefined> {
  const [text] = await reader.blockRange(index, index);
  return text === undefined ? undefined : blockOf(text).result;
}

function blockOf(text: string): { readonly result: Block } {
  const json: unknown = JSON.parse(text);
  const index = typeof json === 'object' && json !== null && 'Index' in json ? Number(json.Index) : Number.NaN;
  const parsed = parseBlock(json, index);
  if ('why' in parsed) throw new Error(`the stored block ${index} is none: ${parsed.why}`);
  return { result: parsed.value };
}
