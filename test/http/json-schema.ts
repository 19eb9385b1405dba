type Json = Readonly<Record<string, unknown>>;

/**
 * Where a JSON value differs from a schema, as far as the description of the API uses JSON Schema 2020-12; a keyword that is not known here is
 * a difference, too, so that nothing goes unchecked.
 */
export function differences(value: unknown, schema: unknown, document: unknown, at = '$'): readonly string[] {
  return Object.entries(recordOf(schema)).flatMap(([keyword, rule]) => {
    return differencesBy(keyword, rule, value, recordOf(schema), document, at);
  });
}

function differencesBy(
  keyword: string,
  rule: unknown,
  value: unknown,
  schema: Json,
  document: unknown,
  at: string,
): readonly string[] {
  const unless = (holds: boolean): readonly string[] =>
    holds
      ? []
      : [`${at}: ${JSON.stringify(value)?.slice(0, 80)} is against ${keyword} ${JSON.stringify(rule)?.slice(0, 80)}`];
  switch (keyword) {
    case 'title':
    case 'description':
    case 'default':
    case 'format':
    case 'definitions':
    case '$schema':
    case '$id':
    // About the items behind those of a list of schemas, which no schema here has.
    case 'additionalItems':
      return [];
    case '$ref':
      // A schema that is elsewhere is not there to be held.
      return String(rule).startsWith('#/') ? differences(value, resolved(String(rule), document), document, at) : [];
    case 'type':
      return unless([rule].flat().some((type) => isOfType(value, String(type))));
    case 'enum':
      return unless(Array.isArray(rule) && rule.includes(value));
    case 'pattern':
      return unless(new RegExp(String(rule)).test(String(value)));
    case 'minLength':
      return unless(typeof value !== 'string' || value.length >= Number(rule));
    case 'minimum':
      return unless(Number(value) >= Number(rule));
    case 'maximum':
      return unless(Number(value) <= Number(rule));
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((item, place) => differences(item, rule, document, `${at}[${place}]`))
        : [];
    case 'required':
      return [rule].flat().flatMap((key) => (String(key) in recordOf(value) ? [] : [`${at} has no ${key}`]));
    case 'properties':
      return Object.entries(recordOf(rule)).flatMap(([key, part]) => {
        const properties = recordOf(value);
        return key in properties ? differences(properties[key], part, document, `${at}.${key}`) : [];
      });
    case 'patternProperties':
      return Object.entries(recordOf(rule)).flatMap(([pattern, part]) =>
        Object.entries(recordOf(value)).flatMap(([key, member]) =>
          new RegExp(pattern).test(key) ? differences(member, part, document, `${at}.${key}`) : [],
        ),
      );
    case 'additionalProperties': {
      const known = Object.keys(recordOf(schema['properties']));
      const patterns = Object.keys(recordOf(schema['patternProperties'])).map((pattern) => new RegExp(pattern));
      const others = Object.keys(recordOf(value)).filter(
        (key) => !known.includes(key) && !patterns.some((pattern) => pattern.test(key)),
      );
      return rule === false ? others.map((key) => `${at} has an undescribed ${key}`) : [];
    }
    case 'oneOf': {
      const failures = [rule].flat().map((choice) => differences(value, choice, document, at));
      return failures.filter(({ length }) => length === 0).length === 1 ? [] : failures.flat();
    }
    default:
      return [`${at}: the keyword ${keyword} is not checked`];
  }
}

/** What a path of keys leads to in a JSON document; undefined where there is nothing. */
export function valueAt(document: unknown, ...path: readonly string[]): unknown {
  return path.reduce((part, key) => recordOf(part)[key], document);
}

function resolved(reference: string, document: unknown): unknown {
  const found = valueAt(document, ...reference.split('/').slice(1));
  if (found === undefined) throw new Error(`nothing is at ${reference}`);
  return found;
}

export function recordOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}
