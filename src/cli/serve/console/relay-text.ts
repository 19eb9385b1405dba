import { onOneLine } from '../../../base/escape-for-display.ts';
import type { Beacon } from '../../../core/block.ts';
import type { RelayEvent } from '../../../platform/beacon-client.ts';

/** What the operator reads of a relay of a beacon. */
export function relayText(event: RelayEvent): string {
  switch (event.kind) {
    case 'lied':
      return `The relay ${onOneLine(event.url)} gave a signature for round ${event.round} that is not that of the beacon ${event.beacon}: it is not asked any more.\n`;
    case 'none left':
      return `All relays of the beacon ${event.beacon} have lied, so the draws wait: stop the server, and name an honest one with --beacon.\n`;
  }
}

/** What the operator reads of a beacon that does not answer at the start. */
export function silentBeaconText({ Name }: Beacon): string {
  return `The beacon ${Name} does not answer. Draws wait until it does.\n`;
}
