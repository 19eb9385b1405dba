/** A line that says what a person or program got wrong, or what the server cannot do: what came, what is accepted, and an example. */
export function errorLine(words: string): string {
  return `Error: ${words}\n`;
}
