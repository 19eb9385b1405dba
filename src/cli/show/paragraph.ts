/** A step of an explanation: what stands out at its beginning, and how it goes on. */
export interface Paragraph {
  readonly head: string;
  readonly text: string;
}

/** A number of a step in a line of its own. */
export function row(label: string, value: string): string {
  return `   ${label.padEnd(12)} ${value}\n`;
}
