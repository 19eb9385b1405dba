import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { unreleasedWords } from '../../core/parse-genesis.ts';
import type { Alternatives } from './alternatives.ts';
import type { DataFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { SuggestCommand } from './suggested-command.ts';

/** Whether a server can keep its chain there, and whether one does; `onPort` is the process that has PORT. */
export function checkDirectory(
  { directory, state, hasChain, isUnreleased, lockedBy }: DataFacts,
  onPort: number | undefined,
  alternatives: Alternatives,
  suggestCommand: SuggestCommand,
): Finding {
  const topic = 'data';
  const name = escapeForDisplay(directory);
  const orAnother = 'or choose another directory with --data-dir';
  switch (state) {
    case 'missing':
      return { topic, verdict: 'ok', says: `${name} does not exist yet: the first start makes it` };
    case 'unmakeable':
      return {
        topic,
        verdict: 'fail',
        says: `${name} does not exist, and this user cannot make it`,
        cure: `make it for this user, ${orAnother}`,
      };
    case 'no directory':
      return { topic, verdict: 'fail', says: `${name} is not a directory`, cure: `move it away, ${orAnother}` };
    case 'not writable':
      return {
        topic,
        verdict: 'fail',
        says: `this user may not write in ${name}`,
        cure: `chown -R "$USER" ${name}, ${orAnother}`,
      };
    case 'writable': {
      if (isUnreleased) {
        const cure = 'begin a new chain with another --data-dir';
        return { topic, verdict: 'fail', says: `the chain in ${name} ${unreleasedWords}`, cure };
      }
      const chain = hasChain ? 'has a chain' : 'has no chain yet';
      if (lockedBy === undefined) return { topic, verdict: 'ok', says: `${name} is writable and ${chain}` };
      const other = alternatives.dataDir === undefined ? orAnother : `or run a second one: ${suggestCommand()}`;
      const who = lockedBy === onPort ? 'the same server' : 'a running server';
      // A process in another container has no number here.
      const process = lockedBy > 0 ? `, process ${lockedBy}` : '';
      const says = `${name} is in use by ${who}${process}`;
      return { topic, verdict: 'fail', says, cure: `join that server, stop it, ${other}` };
    }
  }
}

/** Whether the chain can be continued with the master secret, and only its owner can read that. */
export function checkSecret({ directory, hasChain, secret }: DataFacts): Finding {
  const topic = 'secret';
  const file = `${escapeForDisplay(directory)}/master-secret`;
  const cure = 'put it back from a backup, or begin a new chain with another --data-dir';
  switch (secret.state) {
    case 'missing':
      if (!hasChain) return { topic, verdict: 'ok', says: 'the first start makes one' };
      return { topic, verdict: 'fail', says: `${file} is missing: the chain can be checked but not continued`, cure };
    case 'damaged':
      return { topic, verdict: 'fail', says: `${file} is damaged: it must hold 64 hex digits`, cure };
    case 'unreadable':
      return { topic, verdict: 'fail', says: `this user may not read ${file}`, cure: `chown "$USER" ${file}` };
    case 'whole':
      if (!secret.isOpen) return { topic, verdict: 'ok', says: `${file} is there, for its owner alone` };
      return {
        topic,
        verdict: 'warn',
        says: `others may read ${file}, and who has read it knows all draws to come`,
        cure: `chmod 600 ${file} (a start does that too); if somebody may have read it, begin a new chain with another --data-dir`,
      };
  }
}
