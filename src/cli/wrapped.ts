/** Text for a terminal of 80 columns stays below this. */
const widthMax = 79;

/** Text broken into lines at its spaces, each begun with `indent` and ended by LF. */
export function wrapped(text: string, indent: string = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= widthMax && line !== indent) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd(), ''].join('\n');
}
