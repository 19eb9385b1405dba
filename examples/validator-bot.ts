// A validator with a strategy of its own: it proposes how many seats the last draw had, and leaves after some draws.
//
//     npx tsx examples/validator-bot.ts http://localhost:9001/ 100 5
import { type Block, connect } from 'sortition';

const [url = 'http://localhost:9001/', stake = '100', draws = '5'] = process.argv.slice(2);

/** The strategy: what is proposed behind a block. */
function bpmAfter(block: Block | undefined): number {
  return block !== undefined && 'Draw' in block ? block.Draw.PoolSize : 60;
}

const client = connect(url);
const seat = await client.join(BigInt(stake));
console.log(`Validator ${seat.validator} has ${seat.stake} tokens.`);
let { index } = await seat.propose(bpmAfter(undefined));
const last = index + Number(draws) - 1;
let wins = 0;

for await (const block of client.follow(index)) {
  // The bot came too late for a draw: the next one has its candidate.
  if (block.Index < index) continue;
  if (block.Validator === seat.validator) wins += 1;
  const { result } = await seat.state();
  if (result !== undefined)
    console.log(
      `Block ${result.index}: ticket ${result.ticket}, mine are ${result.firstTicket} to ${result.lastTicket}.`,
    );
  if (block.Index >= last) break;
  ({ index } = await seat.propose(bpmAfter(block)));
}
await seat.leave();
console.log(`${wins} of ${draws} draws were won.`);
