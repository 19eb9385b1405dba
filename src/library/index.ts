// What `import … from 'sortition'` gives. It runs in browsers: nothing here needs Node.
export type { BrokenRule, Rule } from '../consensus/consensus.ts';
export { type DrawExplanation, explainDraw } from '../consensus/lottery/draw-explanation.ts';
export type { Fault, Tip } from '../consensus/verifier.ts';
export type { Block, DrawnBlock, GenesisBlock, InstantBlock, SealedBlock, WorkBlock } from '../core/block.ts';
export { drawSeed, drawTicket } from '../core/draw.ts';
export type { VerifySignature } from '../core/keys.ts';
export { parseBlock } from '../core/parse-block.ts';
export { parsePool } from '../core/parse-pool.ts';
export type { Candidate, TicketRange } from '../core/pool.ts';
export { verifySignature } from '../core/portable-ed25519.ts';
export { findPoolFault } from '../core/verify-pool.ts';
export type { Seat as SeatMessage, SeatCandidate, SeatResult, Status } from '../http/api/types.ts';
export { addressOf, parseAddress } from '../ledger/address.ts';
export {
  type AccountProof,
  findAccountProofFault,
  findTransactionProofFault,
  parseAccountProof,
  parseTransactionProof,
  type TransactionProof,
} from '../ledger/proof.ts';
export { RefusedError } from './answer.ts';
export type { BlockEvidence, BlockFault } from './block-check.ts';
export { checkBlock } from './check-block.ts';
export { Client, type ConnectOptions, connect, Seat } from './client.ts';
export { type Drawn, draw } from './draw.ts';
export { type ChainVerdict, type VerifyOptions, verifyChain } from './verify-chain.ts';
