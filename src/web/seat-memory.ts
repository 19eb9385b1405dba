import { type RememberedSeat, readSeat, seatText } from './remembered-seat.ts';

const key = 'play-seat';

// One seat a tab: what another tab remembers is not seen here. A browser may refuse the storage.

/** The seat of this tab; undefined where it had none. */
export function rememberedSeat(): RememberedSeat | undefined {
  try {
    return readSeat(sessionStorage.getItem(key) ?? '');
  } catch {
    return undefined;
  }
}

/** Keeps the seat until the tab is closed; undefined when it is over. */
export function rememberSeat(seat: RememberedSeat | undefined): void {
  try {
    if (seat === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, seatText(seat));
  } catch {}
}
