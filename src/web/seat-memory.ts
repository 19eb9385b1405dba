const key = 'play-seat';

// One seat a tab: what another tab remembers is not seen here.

/** The line that gives back the seat of this tab, such as `rejoin ABCD-EFGH-JKMN`; undefined where it had none. A browser may refuse the storage. */
export function rememberedSeat(): string | undefined {
  try {
    const text = sessionStorage.getItem(key) ?? '';
    return /^(?:rejoin|login) [0-9A-Za-z-]+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the line until the tab is closed. */
export function rememberSeat(comeback: string): void {
  try {
    sessionStorage.setItem(key, comeback);
  } catch {}
}

/** The seat is over. */
export function forgetSeat(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {}
}
