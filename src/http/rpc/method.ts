import { type CallError, type CallOutcome, type CallParams, callErrors } from './json-rpc.ts';
import { shownJson } from './param-forms.ts';

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

/** Who may call a method: all who may see the page, to read and to bring work, or only the holder of the cookie, for the server's wallets and for the server itself. */
export type Access = 'reading' | 'work' | 'wallet' | 'control';

/** Whether a method needs no cookie. */
export function isOpen(access: Access): boolean {
  return access === 'reading' || access === 'work';
}

/** What a method takes and gives, for the compiler. */
export interface Signature {
  readonly params: object;
  readonly result: unknown;
}

/** Why a value is not what a parameter takes: what came, escaped, what is accepted, and an example. */
interface Unaccepted {
  readonly why: string;
}

/** A kind of parameter: reads a value that a caller sent. */
export interface ParamForm<Value> {
  readonly summary: string;
  readonly schema: Schema;
  /** What stands for a value that was not sent; there is none where the parameter is required. */
  readonly initial?: { readonly value: Value };
  read(json: unknown): { readonly value: Value } | Unaccepted;
}

type ParamForms<Params> = { readonly [Name in keyof Params]: ParamForm<Params[Name]> };

/** What a method may do besides giving its result. */
export interface CallContext {
  /** Does something once the answer is sent, or its client gone. */
  afterAnswer(work: () => void): void;
}

/** One method, as it is written down. */
export interface MethodDefinition<Call extends Signature> {
  readonly summary: string;
  readonly access: Access;
  /** The parameters, in their order where they are given by position. Those with an initial value come last. */
  readonly params: ParamForms<Call['params']>;
  readonly result: { readonly name: string; readonly schema: Schema };
  /** Gives the result, or says that there is no such thing. Throws only for a fault of ours. */
  run(params: Call['params'], context: CallContext): MethodResult<Call> | Promise<MethodResult<Call>>;
}

type MethodResult<Call extends Signature> = { readonly result: Call['result'] } | { readonly error: CallError };

/** A parameter as the documents describe it. */
interface DescribedParam {
  readonly name: string;
  readonly summary: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** A method that takes whatever a caller sends. */
export interface Method {
  readonly summary: string;
  readonly access: Access;
  readonly params: readonly DescribedParam[];
  readonly result: { readonly name: string; readonly schema: Schema };
  call(params: CallParams, context: CallContext): Promise<CallOutcome>;
}

/** The methods that take and give what `Calls` says, by name. */
export type MethodTable<Calls> = { readonly [Name in keyof Calls]: Method };

/** Makes a method of its definition: its parameters are read before it runs. */
export function method<Call extends Signature>(definition: MethodDefinition<Call>): Method {
  const { summary, access, params, result } = definition;
  const names = namesOf(params);
  const described = names.map((name) => {
    const form = params[name];
    return { name: String(name), summary: form.summary, schema: form.schema, isRequired: form.initial === undefined };
  });
  return {
    summary,
    access,
    params: described,
    result,
    async call(sent, context) {
      const read = readParams(params, names, sent);
      return 'why' in read ? { error: invalidParams(read.why) } : definition.run(read.values, context);
    },
  };
}

/** The error of parameters that are not accepted. */
export function invalidParams(data: string): CallError {
  return { ...callErrors.invalidParams, data };
}

/** The error of a method that finds nothing. */
export function notFound(data: string): { readonly error: CallError } {
  return { error: { ...callErrors.notFound, data } };
}

function namesOf<Params extends object>(forms: ParamForms<Params>): readonly (keyof Params & string)[] {
  const names: (keyof Params & string)[] = [];
  for (const name in forms) names.push(name);
  return names;
}

function readParams<Params extends object>(
  forms: ParamForms<Params>,
  names: readonly (keyof Params & string)[],
  sent: CallParams,
): { readonly values: Params } | Unaccepted {
  const byName = nameParams(names, sent);
  if ('why' in byName) return byName;
  const values: Partial<Params> = {};
  const readOne = <Name extends keyof Params & string>(name: Name): string | undefined => {
    const form = forms[name];
    const json = byName.values.get(name);
    if (json === undefined) {
      if (form.initial === undefined) return `${name} is missing: ${form.summary}`;
      values[name] = form.initial.value;
      return undefined;
    }
    const read = form.read(json);
    if ('why' in read) return `${name} is ${read.why}`;
    values[name] = read.value;
    return undefined;
  };
  for (const name of names) {
    const why = readOne(name);
    if (why !== undefined) return { why };
  }
  if (!hasAll(values, names)) throw new Error('a parameter was not read');
  return { values };
}

/** The parameters that were sent, by their names. */
function nameParams(
  names: readonly string[],
  sent: CallParams,
): { readonly values: ReadonlyMap<string, unknown> } | Unaccepted {
  const accepted = names.length === 0 ? 'there are no parameters' : `the parameters are ${names.join(', ')}`;
  if (isList(sent)) {
    if (sent.length > names.length) return { why: `${sent.length} parameters are too many: ${accepted}` };
    return { values: new Map(sent.map((value, place) => [names[place] ?? '', value])) };
  }
  const values = new Map(Object.entries(sent));
  const unknown = [...values.keys()].find((name) => !names.includes(name));
  return unknown === undefined ? { values } : { why: `${shownJson(unknown)} is no parameter: ${accepted}` };
}

function hasAll<Params extends object>(values: Partial<Params>, names: readonly (keyof Params)[]): values is Params {
  return names.every((name) => name in values);
}

function isList(sent: CallParams): sent is readonly unknown[] {
  return Array.isArray(sent);
}
