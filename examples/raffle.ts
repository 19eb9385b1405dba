// A raffle that nobody can cheat in, whoever runs it: the secret that decides was sealed before anybody was in it.
//
//     npx tsx examples/raffle.ts http://localhost:9001/ Ada Bob Eve
import { connect, draw } from 'sortition';

const [url = 'http://localhost:9001/', ...names] = process.argv.slice(2);
const entries = names.sort().map((name) => ({ name, stake: 1n }));
const client = connect(url);
const { height } = await client.status();
console.log(`The next draw decides among ${names.join(', ')}. Everybody may write that down now.`);

for await (const block of client.follow(height + 1)) {
  if (!('Draw' in block)) continue;
  const { winner, ticket } = draw(block.Draw.Reveal, entries);
  const { fault } = await client.verify();
  if (fault !== undefined) throw new Error(`block ${fault.index} breaks a rule: ${fault.why}`);
  console.log(`Block ${block.Index} reveals ${block.Draw.Reveal}: ticket ${ticket} wins, which is ${winner.name}'s.`);
  break;
}
