import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/http/limits.ts';
import { PlaySocket } from '../../src/http/play-socket.ts';
import { BrowserEnd } from './browser-end.ts';

function open(): { readonly browser: BrowserEnd; readonly socket: PlaySocket; readonly heard: () => string } {
  const browser = new BrowserEnd();
  const socket = new PlaySocket(browser, '192.0.2.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
  });
  return { browser, socket, heard: () => heard };
}

describe('what the server writes to a browser', () => {
  it.each([
    ['a line is a message without its LF', ['You won block 1.\n'], ['You won block 1.']],
    ['a prompt is a message', ['Enter token balance:'], ['Enter token balance:']],
    ['several lines and a prompt are a message each', ['a\nb\n\nEnter a new BPM:'], ['a', 'b', 'Enter a new BPM:']],
    ['lines without text are left out', ['\n', '\n\n', '\na\n'], ['a']],
    ['what comes behind a prompt is no part of it', ['Enter a new BPM:', '\na\n'], ['Enter a new BPM:', 'a']],
    ['the chain is one message, however it comes', ['\n[{"a":1}', ',{"b":2}', ']\nP:'], ['[{"a":1},{"b":2}]', 'P:']],
    ['the LF of a chain may come alone', ['\n[', '{}]', '\n', 'P:'], ['[{}]', 'P:']],
    ['last words end a chain that is cut', ['\n[{"a":1}', '\nError: too slow.\n'], ['[{"a":1}', 'Error: too slow.']],
  ])('%s', (_, written, messages) => {
    const { browser, socket } = open();
    for (const text of written) socket.write(text, 'latin1');
    expect(browser.messages).toEqual(messages);
    expect(browser.piece).toBe('');
  });

  it.each([
    ['in one piece', ['\n[{"a":1}]\nP:']],
    ['in pieces', ['\n[{"a":1}', ',{"b":2}', ']\nP:']],
    ['with its LF alone', ['\n[', '{}]', '\n', 'P:']],
  ])('leaves the chain out where it is not wanted, %s', (_, written) => {
    const browser = new BrowserEnd();
    const socket = new PlaySocket(browser, '192.0.2.1', false);
    for (const text of written) socket.write(text, 'latin1');
    expect([browser.messages, browser.piece]).toEqual([['P:'], '']);
  });

  it('waits in our memory as long as the browser does not read, and says so', async () => {
    const { browser, socket } = open();
    browser.isReading = false;
    const words = 'a'.repeat(limits.playHighWaterBytes - 1);
    expect(socket.write(words)).toBe(true);
    expect(socket.write('b')).toBe(false);
    expect([socket.writableLength, socket.writableNeedDrain]).toEqual([limits.playHighWaterBytes, true]);
    const drained = once(socket, 'drain');
    browser.read();
    await drained;
    expect(socket.writableLength).toBe(0);
    expect(browser.messages).toEqual([words, 'b']);
  });

  it('is sent before the WebSocket is closed, last words too', async () => {
    const { browser, socket } = open();
    const closed = once(socket, 'close');
    socket.end('Goodbye.\n', 'latin1');
    await closed;
    expect(browser.messages).toEqual(['Goodbye.']);
    expect(browser.isClosing).toBe(true);
  });

  it('is lost where the connection is to end at once', async () => {
    const { browser, socket } = open();
    browser.isReading = false;
    socket.write('a');
    socket.write('b');
    const closed = once(socket, 'close');
    socket.resetAndDestroy();
    await closed;
    expect([browser.isClosing, browser.isGone, browser.messages]).toEqual([false, true, ['a']]);
  });
});

describe('what a browser sends', () => {
  it.each([
    ['a message is a line', ['100', '72'], '100\n72\n'],
    ['an LF at the end of a message is the end of its line', ['100\n', '72\r\n'], '100\n72\r\n'],
    ['a message with an LF in it is two lines', ['100\n72'], '100\n72\n'],
    ['an empty message is an empty line', [''], '\n'],
    ['whatever the bytes are', ['\xff\x00'], '\xff\x00\n'],
  ])('%s', async (_, messages, heard) => {
    const opened = open();
    for (const message of messages) opened.browser.says(message);
    await new Promise((resolve) => setImmediate(resolve));
    expect(opened.heard()).toBe(heard);
  });

  it('is not read while the server does not take it', async () => {
    const { browser, socket } = open();
    socket.pause();
    browser.says('a'.repeat(limits.playHighWaterBytes - 2));
    expect(browser.isPaused).toBe(false);
    browser.says('');
    expect(browser.isPaused).toBe(true);
    const resumed = once(socket, 'data');
    socket.resume();
    await resumed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(browser.isPaused).toBe(false);
  });

  it('gets a ping answered as long as it reads the answers', () => {
    const { browser } = open();
    browser.emit('ping', Buffer.from('1'));
    browser.bufferedAmount = 1;
    browser.emit('ping', Buffer.from('2'));
    expect(browser.pongs).toEqual(['1']);
  });
});

describe('a browser that leaves', () => {
  it('has left as a socket that is closed', async () => {
    const { browser, socket } = open();
    const closed = once(socket, 'close');
    browser.leaves();
    await closed;
    expect(socket.errored).toBe(null);
  });

  it('has failed when what it sent was no WebSocket', async () => {
    const { browser, socket } = open();
    const failed = once(socket, 'error');
    browser.emit('error', new Error('invalid frame'));
    browser.leaves();
    expect(await failed).toEqual([new Error('invalid frame')]);
  });
});
