import { messageOf } from '../base/error-message.ts';
import { parseWholeNumber } from '../http/api/query.ts';
import { fetchStatus } from './api-client.ts';
import { element, link } from './elements.ts';
import { FairnessPage } from './fairness-page.ts';
import { startLive } from './live.ts';
import { showNavigation } from './navigation.ts';
import { readPrefix } from './segment-search.ts';
import { ValidatorPage } from './validator-page.ts';

// The pages that check signatures are imported on demand, because their library is larger than all the rest.
const content = document.querySelector('#content');
if (content === null) throw new Error('the document has no content');
for (const anchor of document.querySelectorAll('header nav a')) {
  if (anchor.getAttribute('href') === location.pathname) anchor.setAttribute('aria-current', 'page');
}
try {
  content.replaceChildren(await pageAt(location.pathname, new URLSearchParams(location.search)));
} catch (error) {
  content.replaceChildren(
    element(
      'div',
      { class: 'sheet' },
      element('h1', {}, 'That cannot be shown'),
      element('p', {}, messageOf(error)),
      element('p', {}, link('/', 'Back to the live page')),
    ),
  );
}

async function pageAt(path: string, query: URLSearchParams): Promise<HTMLElement> {
  const [, place = '', name = '', ...more] = path.split('/');
  switch (more.length === 0 ? place : 'nowhere') {
    case '': {
      document.title = 'Live · sortition';
      if (query.has('present')) document.documentElement.dataset['present'] = '';
      return startLive();
    }
    case 'play': {
      document.title = 'Play · sortition';
      const { PlayPage } = await import('./play-page.ts');
      const page = new PlayPage();
      page.start();
      return page.root;
    }
    case 'fairness': {
      document.title = 'Fairness · sortition';
      const page = new FairnessPage(query.get('last') ?? 'all');
      await page.start();
      return page.root;
    }
    case 'chain': {
      document.title = 'Chain · sortition';
      const { ChainPage } = await import('./chain-page.ts');
      const page = new ChainPage(parseWholeNumber(query.get('last') ?? ''));
      await page.start();
      return page.root;
    }
    case 'blocks': {
      const index = parseWholeNumber(name);
      if (index === undefined) throw new Error('The address of a block ends in its number, for example /blocks/1.');
      document.title = `Block ${index} · sortition`;
      const { BlockPage } = await import('./block-page.ts');
      return (await BlockPage.load(index, query.has('check'))).root;
    }
    case 'validators': {
      const prefix = readPrefix(name);
      if (prefix === undefined) {
        throw new Error(
          "The address of a validator's page ends in the first 8 hex digits of its own, or more of them.",
        );
      }
      document.title = `${prefix.slice(0, 8)} · sortition`;
      const status = await fetchStatus();
      showNavigation(status);
      if (status.consensus === 'lottery') return (await ValidatorPage.load(prefix, status.ledger !== undefined)).root;
      const { loadWriterPage } = await import('./writer-page.ts');
      return loadWriterPage(prefix, status);
    }
    case 'accounts': {
      document.title = `${name.slice(0, 8)} · sortition`;
      const status = await fetchStatus();
      showNavigation(status);
      const { AccountPage } = await import('./account-page.ts');
      return (await AccountPage.load(name, status)).root;
    }
    case 'transactions': {
      document.title = `${name.slice(0, 8)} · sortition`;
      showNavigation(await fetchStatus());
      const { loadTransactionPage } = await import('./transaction-page.ts');
      return loadTransactionPage(name);
    }
    default:
      throw new Error('There is nothing at this address.');
  }
}
