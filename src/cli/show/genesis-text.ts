import type { ChalkInstance } from 'chalk';
import { pluralize, withThousands } from '../../base/formatting.ts';
import { difficultyBits } from '../../consensus/work/difficulty.ts';
import type { Beacon, GenesisBlock, GenesisLedger, LotteryConsensus, WorkConsensus } from '../../core/block.ts';
import { type Paragraph, row } from './paragraph.ts';

/** What the genesis fixes before anybody takes part. */
export function genesisParagraphs({ Hash, Genesis }: GenesisBlock, paint: ChalkInstance): readonly Paragraph[] {
  const { Consensus, Ledger } = Genesis;
  const isSigned = 'Authority' in Genesis;
  const uses = [
    ...(Consensus.Kind === 'lottery' ? ['the seed of every draw'] : []),
    ...(isSigned ? ['the signature of every block'] : []),
    ...(Ledger === undefined ? [] : ['the signature of every transaction']),
  ];
  const goesInto = uses.length === 0 ? 'Block 1 names' : `It goes into ${uses.join(' and ')}, and block 1 names`;
  return [
    ...consensusParagraphs(Consensus, paint),
    ...('Beacons' in Genesis ? beaconParagraphs(Genesis.Beacons ?? []) : []),
    ...(isSigned ? [authorityParagraph(Genesis.Authority)] : []),
    ...(Ledger === undefined ? [] : [ledgerParagraph(Ledger)]),
    {
      head: 'The hash',
      text: `is that of all of this and the time, recomputed. It is the name of this chain:\n   ${paint.yellow(Hash)}\n   ${goesInto} it as the block before.\n`,
    },
  ];
}

function consensusParagraphs(
  consensus: GenesisBlock['Genesis']['Consensus'],
  paint: ChalkInstance,
): readonly Paragraph[] {
  switch (consensus.Kind) {
    case 'lottery':
      return lotteryParagraphs(consensus, paint);
    case 'work':
      return [workParagraph(consensus)];
    case 'instant':
      return [
        {
          head: 'Every accepted BPM becomes a block at once,',
          text: 'in the order in which they are accepted. Nothing is drawn, and nothing is searched for.\n',
        },
      ];
  }
}

function lotteryParagraphs({ Salt, Commitment, Links }: LotteryConsensus, paint: ChalkInstance): readonly Paragraph[] {
  return [
    {
      head: 'Nobody plays yet.',
      text: 'This block only seals the secrets from which the draws will come, before anybody can\n   know who will ever take part.\n',
    },
    {
      head: 'The sealed envelopes.',
      text: `The server has made ${withThousands(Links)} secrets, backwards: secret n - 1 is H("link", salt, n, secret n).\n${row('salt', Salt)}${row('commitment', `${paint.yellow(Commitment)}, which is secret 0`)}   Block n opens secret n. Hashed, it must give secret n - 1, so none can be exchanged any more. After block ${Links}\n   the next ${withThousands(Links)} begin, with a commitment of their own.\n`,
    },
  ];
}

function beaconParagraphs(beacons: readonly Beacon[]): readonly Paragraph[] {
  const told = beacons.map(
    ({ Name, ChainHash, PublicKey, GenesisTime, Period }) =>
      `${row('beacon', `${Name}, a round every ${pluralize(Period, 'second')} since ${GenesisTime} s of Unix time`)}${row('its chain', ChainHash)}${row('key', PublicKey.slice(0, 96))}${row('', PublicKey.slice(96))}`,
  );
  return [
    {
      head: 'The beacons.',
      text: `Each draw waits, with its pool sealed, for a round that nobody can know before it comes:\n${told.join('')}`,
    },
  ];
}

function workParagraph({ Difficulty, IntervalMs }: WorkConsensus): Paragraph {
  const bits = difficultyBits(BigInt(Difficulty)).toFixed(1);
  return {
    head: 'Blocks are searched for.',
    text: `A block holds when its hash, as a number, is below 2^256 / difficulty. Anybody may search.\n${row('difficulty', `${Difficulty} for block 1, ${bits} bits`)}${row('interval', `${withThousands(IntervalMs)} ms: after each block the difficulty is set so that one takes about that long`)}`,
  };
}

function authorityParagraph(key: string): Paragraph {
  return {
    head: 'The authority',
    text: `is the key that signs every block. Only the server that began this chain can:\n${row('key', key)}`,
  };
}

function ledgerParagraph({ Reward, MinFee, Unbonding, Accounts }: GenesisLedger): Paragraph {
  const tokens = Accounts.reduce((sum, [, balance, bonded]) => sum + BigInt(balance) + BigInt(bonded), 0n);
  return {
    head: 'The ledger',
    text: `begins with ${pluralize(Accounts.length, 'account')} and ${pluralize(tokens, 'token')}:\n${row('reward', `${Reward} for the validator of each block`)}${row('least fee', MinFee)}${row('unbonding', pluralize(Unbonding, 'block'))}`,
  };
}
