import type { EventListener, NodeEvent } from './ports.ts';

/** Passes each event on to every subscriber, in the order in which they subscribed. One that throws is reported and harms none of the others. */
export class EventHub implements EventListener {
  readonly #failed: (error: unknown) => void;
  readonly #subscribers = new Set<EventListener>();

  /** @param failed hears what a subscriber throws; must not throw itself */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** Has a listener hear all events from now on; returns a function that ends this. */
  subscribe(listener: EventListener): () => void {
    this.#subscribers.add(listener);
    return () => this.#subscribers.delete(listener);
  }

  onEvent(event: NodeEvent): void {
    for (const subscriber of this.#subscribers) {
      try {
        subscriber.onEvent(event);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
