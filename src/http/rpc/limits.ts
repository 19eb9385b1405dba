/** Bounds of JSON-RPC. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 9: calls in one batch. */
  batchMax: 100,

  /** SPEC 9: bytes of a body. */
  bodyBytesMax: 262_144,

  /** How long a body may take, ms: the largest one at 50 KB a second, a bad mobile line. */
  bodyMs: 5000,

  /** Bodies with more bytes than this are counted as large. Each single call fits, so these always find a place: 2,200 of them take 9 MB. */
  smallBodyBytesMax: 4096,

  /** Large bodies in memory at a time: 8 MB. */
  largeBodiesMax: 32,

  /** How long a client should wait where all places for large bodies are taken, ms: a body stays for seconds at most. */
  largeBodiesBusyMs: 2000,

  /** How deep a body may be nested: a batch of calls whose parameters are transactions with evidence has six levels. */
  depthMax: 16,

  /** Characters of the answers to one batch: a hundred blocks with pools' paths are a tenth of it. */
  answerCharactersMax: 4_194_304,

  /** Validators in one answer: 100 KB. */
  validatorsPerAnswerMax: 1000,

  /** Waiting transactions in one answer that shows them whole: 350 KB. */
  transactionsPerAnswerMax: 1000,

  /** Random bytes of the cookie: 256 bits cannot be guessed. */
  cookieBytes: 32,
} as const;
