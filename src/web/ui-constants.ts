/** How much the page shows and for how long, each with the reason. What must hold for anybody's sake stands in core/limits.ts. */
export const uiConstants = {
  /** Last winners on the live page: with them it still fits a laptop without scrolling. */
  winnersMax: 6,

  /** Draws that a live page remembers to say when somebody last won: a day of 90-second rounds, about 1 KB each. */
  drawsKeptMax: 1000,

  /** Commands to join on the live page: a machine with more addresses has them on its console, and the room needs one that works. */
  commandsMax: 2,

  /** Entries below a strip, of which the last one counts the rest where there are more: three lines of them leave a laptop room for the rest. */
  stakesMax: 8,

  /** Rows of the chain on one page, which has links to the next ones. */
  blocksPerPage: 50,

  /** Rows of the rounds of a validator; the chart above them has all. */
  roundsMax: 100,

  /** How long a result stays before the next pool is shown, ms, for a room to take it in; less where rounds are quick. */
  resultMs: 7000,

  /** How long a ticket falls before its winner is named, ms, for a room to hold its breath; less where rounds are quick. */
  fallMs: 1400,

  /** Between two announcements to a screen reader, ms: it needs about so long to say one. */
  spokenEveryMs: 3000,

  /** Between two steps of the countdown, ms: the fuse burns smoothly, and no second is shown late. */
  countdownMs: 100,
} as const;
