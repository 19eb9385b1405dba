import type { TicketsAnswer } from '../http/api/types.ts';

/** Where the tickets of a validator are, or a sentence that says why that is not known. `isAbsent`: it is not in that pool. */
export type TicketsResult = TicketsAnswer | { readonly why: string; readonly isAbsent: boolean };
