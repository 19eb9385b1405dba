// Tells another program of every winner: a POST with the block's index, its winner and its BPM, until the server stops.
//
//     npx tsx examples/webhook.ts http://localhost:9001/ https://example.org/winners
import { connect } from 'sortition';

const [url = 'http://localhost:9001/', hook] = process.argv.slice(2);
if (hook === undefined) throw new Error('say where to post to, for example https://example.org/winners');
const client = connect(url);
const { height } = await client.status();
console.log(`Waiting for block ${height + 1}.`);

for await (const { Index, Validator, BPM } of client.follow(height + 1)) {
  const body = JSON.stringify({ index: Index, winner: Validator, bpm: BPM });
  try {
    const { status } = await fetch(hook, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    console.log(`Block ${Index}: told, and answered with ${status}.`);
  } catch (error) {
    // A hook that is away must not keep the others from hearing of the next winner.
    console.error(`Block ${Index}: not told, ${error instanceof Error ? error.message : error}.`);
  }
}
