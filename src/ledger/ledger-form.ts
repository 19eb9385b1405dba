/** The rules of a ledger, and the accounts that it begins with: key, balance and bonded tokens of each (SPEC 6). */
export interface GenesisLedger {
  readonly Reward: string;
  readonly MinFee: string;
  readonly Unbonding: number;
  readonly Accounts: readonly (readonly [key: string, balance: string, bonded: string])[];
}

/** What the transactions of a block did, and the state of the ledger behind it (SPEC 6). */
export interface LedgerSummary {
  readonly Transactions: number;
  readonly Fees: string;
  /** Empty without transactions. */
  readonly TransactionRoot: string;
  readonly Accounts: number;
  readonly Supply: string;
  readonly StateRoot: string;
}
