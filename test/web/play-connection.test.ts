import { describe, expect, it } from 'vitest';
import { limits } from '../../src/web/limits.ts';
import { type LineSocket, PlayConnection } from '../../src/web/play-connection.ts';

/** A WebSocket that does what a test says. */
class TestSocket implements LineSocket {
  readonly #listeners = new Map<string, (event: { readonly data: unknown }) => void>();
  readyState = 0;
  readonly sent: string[] = [];
  isClosed = false;

  opens(): void {
    this.readyState = 1;
    this.#listeners.get('open')?.({ data: undefined });
  }

  hears(data: string): void {
    this.#listeners.get('message')?.({ data });
  }

  breaks(): void {
    this.readyState = 3;
    this.#listeners.get('close')?.({ data: undefined });
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    this.#listeners.set(type, listener);
  }

  send(line: string): void {
    this.sent.push(line);
  }

  close(): void {
    this.isClosed = true;
  }
}

interface Tab {
  readonly connection: PlayConnection;
  readonly sockets: readonly TestSocket[];
  readonly heard: readonly string[];
  /** Time passes, and then the tab looks what is due. */
  pass(ms: number): void;
  /** The connection of this moment. */
  last(): TestSocket;
}

function begin({ comesBack = true, random = 0 }: { readonly comesBack?: boolean; readonly random?: number } = {}): Tab {
  let nowMs = 1000;
  const sockets: TestSocket[] = [];
  const heard: string[] = [];
  const connection = new PlayConnection({
    open: () => {
      const socket = new TestSocket();
      sockets.push(socket);
      return socket;
    },
    nowMs: () => nowMs,
    random: () => random,
    opened: () => heard.push('open'),
    heard: (message) => heard.push(message),
    closed: () => {
      heard.push('closed');
      return comesBack;
    },
  });
  connection.tick();
  return {
    connection,
    sockets,
    heard,
    pass: (ms) => {
      nowMs += ms;
      connection.tick();
    },
    last: () => {
      const socket = sockets.at(-1);
      if (socket === undefined) throw new Error('no connection was made');
      return socket;
    },
  };
}

/** A tab that has heard the first prompt. */
function connected(options?: Parameters<typeof begin>[0]): Tab {
  const tab = begin(options);
  tab.last().opens();
  tab.last().hears('Enter token balance:');
  return tab;
}

describe('the connection of a tab', () => {
  it('is made at once, and tells what is heard', () => {
    const { heard, sockets } = connected();
    expect([heard, sockets.length]).toEqual([['open', 'Enter token balance:'], 1]);
  });

  it('sends lines while it is open, and says when it is not', () => {
    const tab = begin();
    expect(tab.connection.say('1')).toBe(false);
    tab.last().opens();
    expect(tab.connection.say('2')).toBe(true);
    tab.last().breaks();
    expect(tab.connection.say('3')).toBe(false);
    expect(tab.last().sent).toEqual(['2']);
  });

  it('is made again after pauses that double up to the longest, and begin anew when something was heard', () => {
    const tab = connected();
    const pauses: number[] = [];
    for (
      let pauseMs: number = limits.playRetryMs;
      pauses.length < 8;
      pauseMs = Math.min(limits.playRetryMaxMs, 2 * pauseMs)
    ) {
      const before = tab.sockets.length;
      tab.last().breaks();
      tab.pass(pauseMs - 1);
      expect(tab.sockets.length).toBe(before);
      tab.pass(1);
      expect(tab.sockets.length).toBe(before + 1);
      pauses.push(pauseMs);
    }
    expect(pauses.at(-1)).toBe(limits.playRetryMaxMs);
    tab.last().opens();
    tab.last().hears('Enter token balance:');
    const before = tab.sockets.length;
    tab.last().breaks();
    tab.pass(limits.playRetryMs);
    expect(tab.sockets.length).toBe(before + 1);
  });

  it('spreads a crowd that has lost its server over as long again', () => {
    const tab = connected({ random: 0.5 });
    tab.last().breaks();
    tab.pass(1.5 * limits.playRetryMs - 1);
    expect(tab.sockets.length).toBe(1);
    tab.pass(1);
    expect(tab.sockets.length).toBe(2);
  });

  it('is not made again by itself after the end of a seat, but when the person asks for that', () => {
    const tab = connected({ comesBack: false });
    tab.last().breaks();
    tab.pass(10 * limits.playRetryMaxMs);
    tab.connection.wake();
    expect(tab.sockets.length).toBe(1);
    tab.connection.restart();
    expect(tab.sockets.length).toBe(2);
  });
});

describe('a connection that is dead without having been closed', () => {
  it('is found by its silence: the prompt is asked for, and does not come', () => {
    const tab = connected();
    tab.pass(limits.playSilenceMs - 1);
    expect(tab.last().sent).toEqual([]);
    tab.pass(1);
    expect(tab.last().sent).toEqual(['']);
    tab.pass(limits.playAnswerMs - 1);
    expect(tab.heard).not.toContain('closed');
    tab.pass(1);
    expect(tab.heard).toContain('closed');
    expect(tab.last().isClosed).toBe(true);
  });

  it('is none where the prompt comes', () => {
    const tab = connected();
    tab.pass(limits.playSilenceMs);
    tab.last().hears('Enter a new BPM:');
    tab.pass(limits.playAnswerMs);
    expect(tab.heard).not.toContain('closed');
  });

  it('is found at once when a phone is unlocked or has another network', () => {
    const tab = connected();
    tab.connection.wake();
    tab.connection.wake();
    expect(tab.last().sent).toEqual(['']);
    tab.pass(limits.playAnswerMs);
    expect(tab.heard).toContain('closed');
    tab.connection.wake();
    expect(tab.sockets.length).toBe(2);
  });

  it('is found while it is opened, too', () => {
    const tab = begin();
    tab.pass(limits.playAnswerMs);
    expect(tab.heard).toEqual(['closed']);
  });

  it('is heard no more when another one has taken its place', () => {
    const tab = connected();
    const [first] = tab.sockets;
    tab.connection.wake();
    tab.pass(limits.playAnswerMs);
    tab.connection.wake();
    first?.hears('late');
    first?.breaks();
    expect(tab.heard).toEqual(['open', 'Enter token balance:', 'closed']);
  });
});
