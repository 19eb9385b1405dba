/**
 * A word of a command line as the value that it means: an object, a list, a text in quotes, true, false and a whole number that JSON keeps exactly are
 * JSON. Everything else is a text, so that addresses and hashes need no quotes, even one of digits alone.
 */
export function jsonOfWord(word: string): unknown {
  if (!/^(?:[[{"].*|true|false|-?(?:0|[1-9][0-9]{0,15}))$/s.test(word)) return word;
  try {
    const json: unknown = JSON.parse(word);
    return typeof json === 'number' && !Number.isSafeInteger(json) ? word : json;
  } catch {
    return word;
  }
}

/** The parameters that words mean: their values in this order, or by name where there is one object alone. */
export function paramsOfWords(words: readonly string[]): unknown {
  const values = words.map(jsonOfWord);
  const [first] = values;
  const isNamed = values.length === 1 && typeof first === 'object' && first !== null && !Array.isArray(first);
  return isNamed ? first : values;
}

/** JSON for people and programs: indented, in printable ASCII, so that no terminal obeys what a stranger typed. */
export function printableJson(json: unknown): string {
  return JSON.stringify(json, undefined, 2).replace(
    /[^\n -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
