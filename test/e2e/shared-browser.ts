import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browser that the tests share; '' where there is none. */
    readonly browser: { readonly executablePath: string; readonly endpoint: string };
  }
}

// Without windows it starts sooner and loads pages with less work.
const withoutWindows = '/usr/bin/chromium-headless-shell';
const executablePath = process.env['CHROMIUM'] ?? (existsSync(withoutWindows) ? withoutWindows : '/usr/bin/chromium');

/** Starts one browser for the whole run, when the run has tests of the page. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!existsSync(executablePath)) {
    project.provide('browser', { executablePath, endpoint: '' });
    return undefined;
  }
  // Nothing is shown, so nothing is worth the work of an emulated graphics card.
  const server = await chromium.launchServer({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  project.provide('browser', { executablePath, endpoint: server.wsEndpoint() });
  return () => server.close();
}
