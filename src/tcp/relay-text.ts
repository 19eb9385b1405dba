import { winnerText } from './round-text.ts';

/** What people read at a node that follows the chain of another, besides what the server that makes the blocks tells them. */

/** That server is out of reach. */
export function serverIsAway(): string {
  return '\nThe server that makes the blocks is out of reach. You can stay: you go on here by yourself when it is back. What is typed meanwhile is not taken.\n';
}

/** The answer to a line that was typed meanwhile. */
export function notTaken(): string {
  return 'The server that makes the blocks is still out of reach, so this was not taken. To leave, type quit or exit.\n';
}

/** It is within reach again. */
export function serverIsBack(): string {
  return '\nThe server that makes the blocks is back.\n';
}

/** To a person who had a candidate, which is in no draw. */
export function candidateIsLost(index: number): string {
  return `Your candidate for block ${index} is in no draw, because that server was started anew. Enter it again.\n`;
}

/** A draw of which the person could not be told in time. */
export function missedWinner(winner: string): string {
  return winnerText(winner);
}

/** The answer to `quit` while that server is out of reach. */
export function goodbyeMeanwhile(): string {
  return 'Goodbye. A candidate that was accepted stays in its draw.\n';
}

/** The last words of a server that follows the chain of another. */
export function followerStops(): string {
  return '\nThis server stops now. A candidate that was accepted stays in its draw: the chain is made elsewhere, and goes on.\n';
}

/** The authority has convicted itself. */
export function authorityIsConvicted(index: number): string {
  return `\nThe server that makes the blocks has signed two different blocks of Index ${index}, so nothing of it is to be trusted any more. Both are kept here as evidence. This node closes the connection.\n`;
}
