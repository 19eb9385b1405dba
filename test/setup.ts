import fc from 'fast-check';
import { cases } from './effort.ts';

// What fast-check tries of every property that does not say otherwise.
fc.configureGlobal({ numRuns: cases(100) });
