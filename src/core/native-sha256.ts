/** SHA-256 as Node has it. package.json names this file `#sha256` for Node, and portable-sha256.ts everywhere else. */
export { hash } from 'node:crypto';
