/** The contact with the server: events arrive, it said that it stops, it does not answer, or it has no room for another subscriber. */
export type Contact = 'heard' | 'stopped' | 'silent' | 'full';
