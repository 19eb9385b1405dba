import type { ProcessFacts } from '../../platform/process-info.ts';

/** What is known of a port, and of the program that has it. */
export interface PortFacts {
  readonly port: number;
  readonly host: string;
  /** What listening there led to: the system's code (`EADDRINUSE`, …), undefined when it worked. */
  readonly code: string | undefined;
  /** It is a lottery that answers there. */
  readonly isLottery: boolean;
  /** The process that listens, as far as the system tells. */
  readonly owner: ProcessFacts | undefined;
}

/** What is found at DATA_DIR. */
export interface DataFacts {
  readonly directory: string;
  /** `missing` can be made in its parent directory, `unmakeable` cannot. */
  readonly state: 'writable' | 'missing' | 'unmakeable' | 'no directory' | 'not writable';
  readonly hasChain: boolean;
  /** The chain is of a version that was never released. */
  readonly isUnreleased: boolean;
  /** The process that holds the store's lock. Undefined where it is free, or the system does not say. */
  readonly lockedBy: number | undefined;
  readonly secret: SecretFacts;
}

export interface SecretFacts {
  readonly state: 'missing' | 'unreadable' | 'damaged' | 'whole';
  /** Others than its owner may read it. */
  readonly isOpen: boolean;
}

/** What the disk under DATA_DIR can do. */
export interface DiskFacts {
  /** How long each sync took, ms; or why none could be tried. */
  readonly syncsMs: readonly number[] | string;
  readonly freeBytes: number | undefined;
  readonly isInMemory: boolean;
}

/** What both clocks say at one moment, ms. */
export interface ClockReadings {
  readonly wallMs: number;
  readonly monotonicMs: number;
}
