import { element } from './elements.ts';

/** Date and time of a block, on the reader's own clock. Today's date is left out where there is little room. */
export function timeElement(timestamp: string): HTMLElement {
  const then = new Date(timestamp);
  const isToday = then.toDateString() === new Date().toDateString();
  const date = element('span', isToday ? { class: 'spare' } : {}, `${then.toLocaleDateString()}, `);
  return element('time', { datetime: timestamp, title: then.toLocaleString() }, date, then.toLocaleTimeString());
}

/** Hours, minutes and seconds in the reader's own time zone. */
export function clockTime(timestamp: string): string {
  return new Date(timestamp).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** Date and time in full, in a sentence. */
export function dateElement(timestamp: string): HTMLElement {
  return element('time', { datetime: timestamp }, new Date(timestamp).toLocaleString());
}
