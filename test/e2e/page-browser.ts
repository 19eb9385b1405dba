import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished } from 'vitest';
import type { LocalServer } from './local-server.ts';

export const hall = { width: 1920, height: 1080 };
export const laptop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

/** Rounds end when the operator says so. */
export const byHand: readonly string[] = ['--lottery-interval-ms', '600000'];

/** How a visitor looks at a page. */
interface Look {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce';
  readonly forcedColors?: 'active';
  /** The test changes the time of the page, which all pages of a browser's window share. */
  readonly hasOwnClock?: boolean;
}

/** What tests do with a browser. */
export interface Visitor {
  /**
   * A page on which nothing may go wrong unseen, and from which nothing may go to another machine.
   *
   * @param prepare is done before anything is loaded
   */
  open(address: string, look?: Look, prepare?: (page: Page) => Promise<unknown>): Promise<Page>;
  /** Where TEST_PICTURES is set, for whoever wants to see what was tested; not kept in the repository. */
  picture(page: Page, name: string): Promise<void>;
}

/** Tests with a real browser, or a word that they were skipped for want of one. */
export function describesInABrowser(what: string, tests: (visitor: Visitor) => void): void {
  const { executablePath, endpoint } = inject('browser');
  describe.skipIf(endpoint === '')(`${what}, in a browser (skipped where ${executablePath} is not there)`, () => {
    let browser: Browser;
    // One window for all tests of a file, whose tabs are used again: each new one costs a process that compiles every file of the page.
    let shared: BrowserContext;
    const idle: Page[] = [];

    beforeAll(async () => {
      browser = await chromium.connect(endpoint);
      shared = await browser.newContext();
    });

    afterAll(async () => {
      await browser.close();
    });

    tests({
      open: async (address, look = {}, prepare = async () => undefined) => {
        const page = look.hasOwnClock === true ? await ownTab(browser) : await sharedTab(shared, idle);
        watchFaults(page, address);
        await wear(page, look);
        await prepare(page);
        await page.goto(address);
        return page;
      },
      picture: async (page, name) => {
        if (process.env['TEST_PICTURES'] === undefined) return;
        await page.screenshot({ path: new URL(`../../artefacts/${name}.png`, import.meta.url).pathname });
      },
    });
  });
}

/** Three people with 400 tokens in the open round. */
export async function threePeople(server: LocalServer): Promise<readonly string[]> {
  const people = [100, 250, 50].map((stake) => ({ stake, client: server.connect() }));
  const addresses = await Promise.all(people.map(({ client, stake }) => client.stakes(stake)));
  await Promise.all(people.map(({ client }) => client.says('72', 'Candidate for block')));
  return addresses;
}

/** Has the operator draw, and waits for the block. */
export async function drawsBlock(server: LocalServer, index: number): Promise<void> {
  server.type('draw');
  await server.prints(new RegExp(`wins block ${index}\n`));
}

/** Somebody with 10 tokens and nobody else; the answer proposes and draws a block that is then theirs. */
export async function playsAlone(server: LocalServer): Promise<(index: number) => Promise<void>> {
  const client = server.connect();
  await client.stakes(10);
  return async (index) => {
    await client.says('72', `Candidate for block ${index}`);
    await drawsBlock(server, index);
  };
}

/** A tab in a window that ends with the test. */
async function ownTab(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return context.newPage();
}

/** A tab that is empty again and idle when the test ends. */
async function sharedTab(context: BrowserContext, idle: Page[]): Promise<Page> {
  const page = idle.pop() ?? (await context.newPage());
  onTestFinished(async () => {
    page.removeAllListeners();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.goto('about:blank');
    idle.push(page);
  });
  return page;
}

async function wear(page: Page, look: Look): Promise<void> {
  const { viewport = hall, colorScheme = 'light', reducedMotion = 'no-preference', forcedColors = 'none' } = look;
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme, reducedMotion, forcedColors });
}

function watchFaults(page: Page, address: string): void {
  // Sooner than the test ends, so that a failure says what was waited for; far later than any machine needs, however busy.
  page.setDefaultTimeout(100_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // What could not be loaded is a matter of each test.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load')) faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(address).host) faults.push(`asked for ${request.url()}`);
  });
  onTestFinished(() => expect(faults).toEqual([]));
}
