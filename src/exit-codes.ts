/** How the process ends (SPEC 5). */
export const exitCodes = {
  stoppedAsAsked: 0,
  failure: 1,
  wrongUsage: 2,
  portInUse: 3,
  dataRefused: 4,
  diskRefused: 5,
} as const;
