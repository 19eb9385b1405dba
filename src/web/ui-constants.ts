/** How much the page shows and for how long, each with the reason. These are choices of layout, and not bounds for safety. */
export const uiConstants = {
  /** Last winners on the live page: with them it still fits a laptop without scrolling. */
  winnersMax: 6,

  /** Rounds in the strip of the last ones: more than anybody scrolls through. All are on the page of the chain. */
  historyMax: 250,

  /** Blocks that the strip fetches when older ones are wanted: about 50 KB. */
  historyStep: 50,

  /** Branches that were given up, on the live page: older ones are history. */
  branchesMax: 3,

  /** How often the other nodes are asked for while a visitor has them open, ms: they greet each other every 5 s. */
  peersMs: 5000,

  /** Draws that a live page keeps in order to show a validator's last win: a day of 90-second rounds, about 1 KB each. */
  drawsKeptMax: 1000,

  /** Commands to join on the live page: a machine with more addresses lists them on its console, and one that works is enough. */
  commandsMax: 2,

  /** Entries below a strip; when there are more, the last one counts the rest. Three lines of them leave room on a laptop screen. */
  stakesMax: 8,

  /** Rows of the chain on one page, which has links to the next ones. */
  blocksPerPage: 50,

  /** Validators that the page about fairness lists all: as many as fit a laptop. Of more it lists winners and outliers first. */
  fairnessRowsMax: 15,

  /** As many of those with the most wins: a table that is read at a glance, above the outliers. */
  fairnessWinnersMax: 10,

  /** From so many validators on a drawing of all comes first: fewer are seen at once in the table. */
  fairnessPlotMin: 4,

  /** Rows of the rounds of a validator; the chart above them has all. */
  roundsMax: 100,

  /** Rows of the transactions of a block: more than a visitor reads. The check takes all of them. */
  transactionsMax: 100,

  /** Blocks in the chart of difficulties: half an hour of them at the usual interval, in one answer of 100 KB. */
  difficultiesMax: 200,

  /** Blocks among which those of one writer are listed: as many as one answer has. */
  writerBlocksMax: 500,

  /** Nonces that a visitor of a block tries at a click: half a second of a phone, and enough to see how little that is. */
  noncesPerTrial: 20_000,

  /** Of these without a break: 10 ms of a phone, so that the page still scrolls. */
  noncesPerTurn: 400,

  /** A winner with a smaller share of the tickets is shown enlarged: it could not be read from the last row. */
  winnerShareMin: 0.04,

  /** Its share of the strip then: its neighbours are still seen. */
  winnerShareEnlarged: 0.2,

  /** How often a page asks where the tickets of its visitor are, in a pool too large to name everybody, ms: a hall of pages asks a hundred times a second. */
  findEveryMs: 3000,

  /** How long a result stays before the next pool is shown, ms, so that people can take it in; less where rounds are short. */
  resultMs: 7000,

  /** How long a ticket travels before its winner is named, ms, for suspense; less where rounds are short. */
  fallMs: 2600,

  /** The minimum time between two announcements to a screen reader, ms: about the time that it needs to speak one. */
  spokenEveryMs: 3000,

  /** The interval of the countdown, ms: the fuse burns smoothly, and no second is shown late. */
  countdownMs: 100,

  /** Lines of the conversation of a tab: what a person looks back for. */
  talkMax: 200,

  /** Results of a tab, and blocks that were missed and are checked at once: a lesson of short rounds. */
  resultsMax: 20,

  /** Sealed pools that a page remembers until their blocks come: one waits at a time, and events may be missed. */
  sealsKeptMax: 16,
} as const;
