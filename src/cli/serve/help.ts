import { flagOf, settings } from '../config/setting.ts';

/** The help of the server: every setting with its default, examples, exit codes. */
export function serveHelp(): string {
  const rows = settings.map(({ name, initial, means }) => {
    return `  ${`--${flagOf(name)}`.padEnd(31)} ${means} [${initial}]\n`;
  });
  return `sortition: a proof-of-stake lottery that anyone can join with nc

Usage: npm start -- [options]

Options [default]:
${rows.join('')}  ${'--print-config'.padEnd(31)} show every setting, and where it comes from
  ${'--version'.padEnd(31)} show the version
  ${'-h, --help'.padEnd(31)} show this

Each setting may also be an environment variable, or a line in the file .env: --port is PORT there.
The command line counts first, then the environment, then .env.
Times are written 5s, 2m or 500ms; a number alone is milliseconds.

Examples:
  npm start                                      a round every 30 s, for this machine
  npm start -- --host 0.0.0.0                    for everybody in the room
  npm start -- --lottery-interval-ms 5s          quick rounds, for a demonstration
  PORT=9100 DATA_DIR=other npm start             a second lottery beside the first

Exit codes: 0 stopped as asked, 1 failure, 2 wrong usage or setting, 3 port in use,
            4 data directory locked, damaged or not writable, 5 the disk refused a block.
`;
}
