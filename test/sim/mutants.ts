/** A known bug, to be planted into a copy of the source: the first text, which stands there once, becomes the second. */
export interface Mutant {
  readonly bug: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What lotteries get wrong, one at a time. The simulation has to notice each of them. */
export const mutants: readonly Mutant[] = [
  {
    bug: 'a winner is announced before its block is stored',
    file: 'node/chain.ts',
    from: '() => this.#ports.store.append(...stored)',
    to: 'async () => void this.#ports.store.append(...stored).catch(() => undefined)',
  },
  {
    bug: 'a draw is made again when the disk was full',
    file: 'node/chain.ts',
    from: '() => this.#ports.store.append(...stored)',
    to: '() => this.#ports.store.append(...stored.map((one) => ({ ...one, text: JSON.stringify({ ...one.block, Timestamp: this.#ports.clock.timestamp() }) })))',
  },
  {
    bug: 'a full disk ends the lottery',
    file: 'node/chain.ts',
    from: '!(error instanceof DiskFullError) || this.#isStopped',
    to: 'error instanceof DiskFullError || this.#isStopped',
  },
  {
    bug: 'a remainder instead of rejection: low tickets win more often',
    file: 'core/draw.ts',
    from: "const value = BigInt.asUintN(bits, BigInt(`0x${taggedHash('ticket', seed, attempt)}`));",
    to: "const value = BigInt(`0x${taggedHash('ticket', seed, attempt)}`) % totalStake;",
  },
  {
    bug: 'candidates that come during a draw are thrown away with the old pool',
    file: 'consensus/lottery/lottery-engine.ts',
    from: 'this.#isDrawing = false;\n    const',
    to: 'this.#isDrawing = false;\n    this.#open.close();\n    const',
  },
  {
    bug: 'the validator is missing from the hash of its block',
    file: 'core/block-hash.ts',
    from: '...{ Index, Timestamp, BPM, PrevHash, Validator },',
    to: "...{ Index, Timestamp, BPM, PrevHash, Validator: '' },",
  },
  {
    bug: 'the ticket is missing from the hash of its block',
    file: 'core/block-hash.ts',
    from: '{ Draw: content.Draw }',
    to: "{ Draw: { ...content.Draw, Ticket: '0' } }",
  },
  {
    bug: 'a block is signed for another chain',
    file: 'core/block-hash.ts',
    from: "taggedText('authority', chainId, index, hash)",
    to: "taggedText('authority', index, hash)",
  },
  {
    bug: 'the BPM is missing from the leaf',
    file: 'core/sum-tree.ts',
    from: "taggedHash('leaf', validator, String(stake), bpm)",
    to: "taggedHash('leaf', validator, String(stake))",
  },
  {
    bug: 'the sums are missing from the nodes',
    file: 'core/sum-tree.ts',
    from: 'hashOfWritten(\'node\', `"${left.hash}","${left.sum}","${right.hash}","${right.sum}"`)',
    to: 'hashOfWritten(\'node\', `"${left.hash}","${right.hash}"`)',
  },
  {
    bug: 'the seed does not depend on the place in the chain',
    file: 'core/draw.ts',
    from: "taggedHash('seed', chainId, index, reveal, ...beaconSignatures)",
    to: "taggedHash('seed', chainId, reveal, ...beaconSignatures)",
  },
  {
    bug: 'a stake counts as often as its validator proposes',
    file: 'consensus/lottery/lottery-engine.ts',
    from: "if (this.#open.has(validator)) return { kind: 'already', index, round };",
    to: '',
  },
  {
    bug: 'a candidate is told the wrong block while a draw is under way',
    file: 'consensus/lottery/lottery-engine.ts',
    from: 'this.#isDrawing && round === this.#open.number ? 2 : 1',
    to: '1',
  },
  {
    bug: 'a timer that wakes early ends the round',
    file: 'consensus/interval-ticker.ts',
    from: 'if (this.remainingMs > 0) {',
    to: 'if (this.remainingMs > 1) {',
  },
  {
    bug: 'a late draw and a late timer end two rounds at once',
    file: 'consensus/lottery/round-schedule.ts',
    from: 'if (!this.#isPaused && !isClosed) {',
    to: 'if (!this.#isPaused) {',
  },
  {
    bug: 'a slashed validator still wins',
    file: 'consensus/lottery/open-round.ts',
    from: '    this.#pool.remove(validator);\n',
    to: '',
  },
  {
    bug: 'a candidate that was slashed in the queue gets into the pool',
    file: 'consensus/lottery/open-round.ts',
    from: 'if (!this.#stakes.has(candidate.validator)) continue;',
    to: '',
  },
  {
    bug: 'hanging up takes the candidate out of the draw',
    file: 'node/local-service.ts',
    from: 'this.#members.leave(address, this.#engine.isWaiting(address));',
    to: 'this.#engine.withdraw(address);\n    this.#members.leave(address, false);',
  },
  {
    bug: 'the pool is drawn in the order in which people came',
    file: 'core/pool.ts',
    from: '[...this.#entries.keys()].sort()',
    to: '[...this.#entries.keys()]',
  },
  {
    bug: 'the first ticket of the right neighbour belongs to the left one',
    file: 'core/sum-tree.ts',
    from: 'if (offset >= left.sum) {',
    to: 'if (offset > left.sum) {',
  },
  {
    bug: 'sums lose their last digits above 2^53',
    file: 'core/sum-tree.ts',
    from: 'sum: left.sum + right.sum,',
    to: 'sum: BigInt(Number(left.sum) + Number(right.sum)),',
  },
  {
    bug: 'the chain goes back in time with the wall clock',
    file: 'consensus/lottery/lottery-proposer.ts',
    from: 'timestamp < tip.timestamp ? tip.timestamp : timestamp',
    to: 'timestamp',
  },
  {
    bug: 'the last link of a chain of secrets is not handed over',
    file: 'consensus/lottery/entropy.ts',
    from: 'this.#series = next ?? this.#series;',
    to: '',
  },
  {
    bug: 'words are written into the middle of a chain',
    file: 'tcp/send-buffer.ts',
    from: 'if (this.#delivery !== undefined) this.#waiting += text;',
    to: "if (this.#waiting !== '') this.#waiting += text;",
  },
  {
    bug: 'blocks of a chain are sent without a comma',
    file: 'tcp/encoded-chain.ts',
    from: '`,${text}`',
    to: 'text',
  },
  {
    bug: 'a chain stops for good when a reader is slow',
    file: 'tcp/connection.ts',
    from: 'if (this.isDelivering) this.#host.deliver(this);\n    this.#answerer',
    to: 'this.#answerer',
  },
  {
    bug: 'a piped session is closed before its round is over',
    file: 'node/participant.ts',
    from: ' && this.#awaitedRound <= round',
    to: '',
  },
  {
    bug: 'a piped session is closed in the middle of a chain',
    file: 'tcp/connection.ts',
    from: "if (!this.isDelivering) this.#end('left', '');",
    to: "this.#buffer.cut('');",
  },
  {
    bug: 'the last line of a piped session is lost when it has no end',
    file: 'tcp/line-reader.ts',
    from: '?? (this.#hasEnded ? this.#decoder.finish() : undefined)',
    to: '',
  },
  {
    bug: 'a winner is announced twice',
    file: 'tcp/broadcaster.ts',
    from: '(connection) => connection.announce(round, block, receipts)',
    to: '(connection) => [1, 2].forEach(() => connection.announce(round, block, receipts))',
  },
  {
    bug: 'whoever has no stake does not hear of winners',
    file: 'tcp/connection.ts',
    from: 'this.#lifecycle.tell(() => this.#conversation.announce(block, receipts));',
    to: 'if (this.address !== undefined) this.#lifecycle.tell(() => this.#conversation.announce(block, receipts));',
  },
  {
    bug: 'a draw that is late is told with every round that passes',
    file: 'consensus/lottery/late-draws.ts',
    from: '      due.isTold = true;\n',
    to: '      this.#due.delete(round);\n',
  },
  {
    bug: 'nobody hears that a draw is late after a stall',
    file: 'consensus/lottery/lottery-engine.ts',
    from: '    this.#lateDraws.look(round);\n    this.#lateDraws.settle(round);\n    this.#isDrawing',
    to: '    this.#lateDraws.settle(round);\n    this.#isDrawing',
  },
  {
    bug: 'instant blocks come in another order than their BPMs',
    file: 'consensus/instant/instant-engine.ts',
    from: 'for (const { candidate } of group.slice(draft.length)) {',
    to: 'for (const { candidate } of group.slice(draft.length).toReversed()) {',
  },
  {
    bug: 'a BPM that waits when an instant chain is stopped is lost',
    file: 'consensus/instant/instant-engine.ts',
    from: '(await this.#queue.ready()) || this.#queue.length > 0',
    to: 'await this.#queue.ready()',
  },
  {
    bug: 'a writer is answered with the block of another one',
    file: 'consensus/instant/instant-engine.ts',
    from: 'const sealed = stored[place];',
    to: 'const sealed = stored[0];',
  },
  {
    bug: 'a difficulty may jump',
    file: 'consensus/work/difficulty.ts',
    from: 'smaller(larger(unbounded, least), most)',
    to: 'larger(unbounded, 1n)',
  },
  {
    bug: 'the newest candidate is searched for first',
    file: 'consensus/work/candidate-backlog.ts',
    from: 'return this.#waiting[0];',
    to: 'return this.#waiting.at(-1);',
  },
  {
    bug: 'any nonce that is tried by hand ends the search',
    file: 'consensus/work/block-search.ts',
    from: 'if (holds) {',
    to: 'if (nonce >= 0) {',
  },
  {
    bug: 'a candidate for whose block is searched stays there when its validator is slashed',
    file: 'consensus/work/work-engine.ts',
    from: "wanted !== 'own' && wanted.validator === validator) this.#search.interrupt();",
    to: "wanted !== 'own' && wanted.validator === '') this.#search.interrupt();",
  },
  {
    bug: 'what a stranger typed reaches a terminal as it is',
    file: 'base/escape-for-display.ts',
    from: "if (character >= ' ' && character <= '~') return character;",
    to: "if (character !== '\\n') return character;",
  },
  {
    bug: 'a reader who takes nothing has everything waiting',
    file: 'tcp/line-reader.ts',
    from: 'if (waitMs > 0 || isReaderBehind) {',
    to: 'if (waitMs > 0) {',
  },
  {
    bug: 'Slashed is said before its removal is durable',
    file: 'node/participant.ts',
    from: "kind: 'slashed', invalid, stake, stored: this.#service.sessionsSynced() }",
    to: "kind: 'slashed', invalid, stake, stored: void this.#service.sessionsSynced() }",
  },
];
