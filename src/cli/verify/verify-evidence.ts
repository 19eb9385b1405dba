import { readFileSync, statSync } from 'node:fs';
import { messageOf } from '../../base/error-message.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { type Conviction, judgeEvidence, parseEvidence } from '../../core/evidence.ts';
import type { Parsed } from '../../core/json-record.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import type { CommandIo } from '../command.ts';
import { UnreadableError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { limits } from './limits.ts';

/** Judges an evidence file, says what it proves, and returns the exit code. Throws an UnreadableError where it is none. */
export function verifyEvidence(file: string, isJson: boolean, { output, paint }: CommandIo): number {
  const evidence = parseEvidence(readJson(file));
  const name = escapeForDisplay(file);
  if ('why' in evidence) throw new UnreadableError(`${name} is no evidence: ${evidence.why}`);
  const judged = judgeEvidence(evidence.value, nativeVerifier());
  if (isJson) output.write(judgedJson(judged));
  else if ('value' in judged) {
    const { chainId, authority, how } = judged.value;
    output.write(
      `${paint.bold.red('This convicts the authority')}: it ${how}.\n` +
        `  ${paint.dim('chain'.padEnd(10))} ${chainId}\n  ${paint.dim('authority'.padEnd(10))} ${authority}\n` +
        'Both signatures hold, and nobody else can make them. Look whether your block 0 has this hash: then it is your chain.\n',
    );
  } else output.write(`${paint.bold('This convicts nobody')}: ${judged.why}.\n`);
  return 'value' in judged ? exitCodes.fine : exitCodes.untrue;
}

function judgedJson(judged: Parsed<Conviction>): string {
  if ('why' in judged) return `${JSON.stringify({ convicts: false, why: judged.why })}\n`;
  const { chainId, authority, index, how } = judged.value;
  return `${JSON.stringify({ convicts: true, chainId, authority, index, how })}\n`;
}

function readJson(file: string): unknown {
  const name = escapeForDisplay(file);
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > limits.evidenceBytesMax) throw new UnreadableError(`${name} is no evidence: it has ${size} bytes`);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(`${name} cannot be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableError(`${name} is no evidence: it is not JSON`);
  }
}
