/** What texts are laid out for where the width of a terminal is not known, and the least and the most that they adapt to. */
const usualColumns = 80;
const columnsMin = 40;

/** For how many columns a report is laid out that goes to this output. */
export function columnsOf(output: { readonly columns?: number }): number {
  return Math.min(usualColumns, Math.max(columnsMin, output.columns || usualColumns));
}

/** Text broken into lines at its spaces, each begun with `indent`, shorter than `columns` and ended by LF. */
export function wrapText(text: string, columns: number, indent: string = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= columns - 1 && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd(), ''].join('\n');
}
