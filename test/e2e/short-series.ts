/**
 * How many links a series of secrets has in the tests: the next one is made when it ends. One of the real length is made in a tenth of a second or
 * more, twice at the start of a new chain.
 */
export const shortSeries = 100;
