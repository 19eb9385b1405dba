import { requestJson } from '../../platform/json-request.ts';
import { type ChainCheckerOptions, systemClocks } from './chain-checker.ts';

/** What chains are checked with: the clocks of this machine and, where a page is given, the signatures of sealed pools that it has. */
export function checkerOptions(page: string | undefined): ChainCheckerOptions {
  if (page === undefined) return systemClocks();
  return {
    ...systemClocks(),
    readSeal: async (index) => {
      const answer = await requestJson(`${page}/api/rounds/${index}/seal`, new AbortController().signal);
      return 'json' in answer && answer.isOk ? answer.json : undefined;
    },
  };
}
