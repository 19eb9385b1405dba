import { parseDigits } from '../../../base/amount.ts';
import { escapeForDisplay } from '../../../base/escape-for-display.ts';
import { findFault } from '../../../consensus/verifier.ts';
import { loadBeaconVerifier } from '../../../core/load-beacon-verifier.ts';
import { formOf } from '../../../core/parse-block.ts';
import { parseGenesisBlock } from '../../../core/parse-genesis.ts';
import { nativeVerifier } from '../../../platform/ed25519.ts';
import { readWholeChain } from '../../chain/whole-chain.ts';
import type { CommandIo } from '../../command.ts';
import { UsageError } from '../../command-error.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readOptions } from '../../options.ts';
import { commandLine } from '../../start-command.ts';
import { columnsOf } from '../../wrap-text.ts';
import { checkEveryBlock } from './block-status.ts';
import { coverUp } from './cover-up.ts';
import { type Field, fieldsOf, findField, withValue } from './field.ts';
import { tamperText } from './tamper-report.ts';

function example(): string {
  return `for example: ${commandLine('lab', 'tamper', 'data', '3', 'BPM', '99')}`;
}

/**
 * Shows what one changed field does to a chain: `lab tamper DIR INDEX FIELD VALUE`. Returns 0, or 1 when the chain does not hold even without
 * the change. Throws a UsageError for a slip of the person, an UnreadableError where there is no chain, or not all of it.
 */
export async function tamper(args: readonly string[], { output, errors, paint }: CommandIo): Promise<number> {
  // There are no options; a negative number is a value, and goes where it stands.
  readOptions(
    args.filter((word) => !isNegative(word)),
    [],
  );
  const [directory, place, name, text, ...others] = directoryFirst(args.filter((word) => word !== '--'));
  if (directory === undefined || place === undefined || name === undefined || text === undefined || others.length > 0) {
    throw new UsageError(`lab tamper takes DIR INDEX FIELD VALUE, ${example()}`);
  }
  const verifySignature = nativeVerifier();
  const { blocks } = await readWholeChain(directory);
  const genesis = parseGenesisBlock(blocks[0]);
  const verifyBeacon = 'why' in genesis ? undefined : await loadBeaconVerifier(formOf(genesis.value.Genesis));
  const fault = findFault(blocks, verifySignature, verifyBeacon);
  if (fault !== undefined) {
    const { index, rule, why } = fault;
    errors.write(`sortition: this chain does not hold as it is: block ${index} breaks the rule ${rule}: ${why}.\n`);
    return exitCodes.failed;
  }
  const index = readIndex(place, blocks.length);
  const field = readField(blocks[index], index, name);
  const value = readValue(field, text);
  const tampered = blocks.map((block, at) => (at === index ? withValue(block, field.path, value) : block));
  const statuses = checkEveryBlock(tampered, blocks, verifySignature, verifyBeacon);
  const coverUpResult = coverUp(tampered, index, field.path, verifySignature, verifyBeacon);
  // The operator has the key and can sign any block, so for it every signature holds.
  const signed =
    coverUpResult.end?.fault.rule === 'signature'
      ? coverUp(tampered, index, field.path, () => true, verifyBeacon)
      : undefined;
  const report = { tampering: { directory, index, field, value }, original: blocks, statuses, coverUpResult, signed };
  output.write(tamperText(report, paint, columnsOf(output)));
  return exitCodes.fine;
}

/** `lab tamper 3 data …` is understood as well, as `show` has that order. */
function directoryFirst(args: readonly string[]): readonly string[] {
  const [first = '', second = '', ...others] = args;
  const isTurned = parseDigits(first) !== undefined && parseDigits(second) === undefined;
  return isTurned && args.length > 2 ? [second, first, ...others] : args;
}

function isNegative(word: string): boolean {
  return /^-[0-9]+$/.test(word);
}

function readIndex(text: string, length: number): number {
  const index = parseDigits(text);
  if (index !== undefined && index < BigInt(length)) return Number(index);
  throw new UsageError(
    `INDEX is ${escapeForDisplay(text)}, but this chain has the blocks 0 to ${length - 1}, ${example()}`,
  );
}

function readField(block: unknown, index: number, name: string): Field {
  const field = findField(block, name);
  if (field !== undefined) return field;
  const names = fieldsOf(block).map(({ path }) => path);
  throw new UsageError(`block ${index} has no field ${escapeForDisplay(name)}; it has ${names.join(', ')}`);
}

/** A number stays a number where one is given: "72" as a BPM would be no block at all, which is not what is meant. */
function readValue({ path, value }: Field, text: string): string | number {
  const given = typeof value === 'number' && /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text;
  if (given === value)
    throw new UsageError(`${path} is ${escapeForDisplay(text)} already: give another value, ${example()}`);
  return given;
}
