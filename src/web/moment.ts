import { element } from './elements.ts';

/** When something happened, on the reader's own clock. Where there is little room the date is left out, when it is today's. */
export function moment(timestamp: string): HTMLElement {
  const then = new Date(timestamp);
  const isToday = then.toDateString() === new Date().toDateString();
  const date = element('span', isToday ? { class: 'spare' } : {}, `${then.toLocaleDateString()}, `);
  return element('time', { datetime: timestamp, title: then.toLocaleString() }, date, then.toLocaleTimeString());
}
