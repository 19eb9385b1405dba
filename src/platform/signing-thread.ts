import { parentPort, workerData } from 'node:worker_threads';
import { signerOf } from './ed25519.ts';

/** What a thread of `SigningThreads` signs with, and what it is sent: texts, which it answers by their signatures, one group after the other. */
export interface SigningData {
  readonly seed: Uint8Array;
}

const { seed }: SigningData = workerData;
const signer = signerOf(seed);
parentPort?.on('message', (messages: readonly string[]) => parentPort?.postMessage(messages.map(signer.sign)));
