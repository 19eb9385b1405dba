import type { VerifySignature } from '../core/keys.ts';
import { limits } from './limits.ts';

/** Transactions and candidates are verified when they come, and in their block; the signature of a block only once. */
const comesTwice = /^\["sortition\/2\/(?:transaction|candidate)"/;

/**
 * The same verification, which remembers the signatures that it has found valid: what was verified when it was sent is verified again in its block,
 * and costs a comparison there.
 */
export function rememberVerified(verify: VerifySignature): VerifySignature {
  /** What was signed, and by whom, by the signature. */
  const valid = new Map<string, string>();
  return (key, message, signature) => {
    if (typeof message !== 'string' || !comesTwice.test(message)) return verify(key, message, signature);
    const signed = key + message;
    if (valid.get(signature) === signed) return true;
    if (!verify(key, message, signature)) return false;
    const [oldest] = valid.keys();
    if (valid.size >= limits.verifiedMax && oldest !== undefined) valid.delete(oldest);
    valid.set(signature, signed);
    return true;
  };
}
