import { parseArgs } from 'node:util';
import { parseDigits } from '../base/amount.ts';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { UsageError } from './command-error.ts';

/**
 * An option of a command: `value` options have an example to show when it is missing, switches have none. A switch with a `bare` value may have
 * another one behind `=`.
 */
export interface OptionForm {
  readonly name: string;
  readonly example?: string;
  readonly bare?: string;
  /** Given several times, its values are joined with commas. Of others the last counts. */
  readonly isList?: true;
}

/** What was given: the arguments that are no options, and the options by name; a switch has the value ''. */
export interface Options {
  readonly positionals: readonly string[];
  readonly values: ReadonlyMap<string, string>;
}

/** Reads `--name value`, `--name=value`, switches and positional arguments; the last option of a name counts. Throws a UsageError that says what is wrong. */
export function readOptions(args: readonly string[], forms: readonly OptionForm[]): Options {
  const options: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const { name, example } of forms) options[name] = { type: example === undefined ? 'boolean' : 'string' };
  // Not strict: its errors are several lines long, and the words to the person are ours.
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      positionals.push(token.value);
      continue;
    }
    const form = forms.find(({ name }) => name === token.name);
    if (form === undefined) {
      throw new UsageError(
        `there is no option ${escapeForDisplay(token.rawName)}. See --help for those that there are`,
      );
    }
    if (form.example === undefined && form.bare === undefined && token.value !== undefined)
      throw new UsageError(`--${form.name} takes no value`);
    if (form.example !== undefined && (token.value === undefined || token.value === '')) {
      throw new UsageError(`--${form.name} needs a value, for example --${form.name} ${form.example}`);
    }
    const value = token.value ?? form.bare ?? '';
    const before = form.isList === true ? values.get(form.name) : undefined;
    values.set(form.name, before === undefined ? value : `${before},${value}`);
  }
  return { positionals, values };
}

/** Reads the value of an option as a whole number from `min` to `max`. Throws a UsageError that has the option's example in it. */
export function readWhole(
  forms: readonly OptionForm[],
  name: string,
  text: string,
  [min, max]: readonly [bigint, bigint],
): bigint {
  const number = parseDigits(text);
  if (number !== undefined && number >= min && number <= max) return number;
  throw new UsageError(
    `--${name} is "${escapeForDisplay(text)}", but must be a whole number from ${min} to ${max}, for example --${name} ${exampleOf(forms, name)}`,
  );
}

/** A value that an option may have; '' for a switch. */
export function exampleOf(forms: readonly OptionForm[], name: string): string {
  return forms.find((form) => form.name === name)?.example ?? '';
}
