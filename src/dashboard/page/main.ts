import { element } from './elements.ts';
import { LivePage } from './live-page.ts';

const content = document.querySelector('#content');
if (content === null) throw new Error('the document has no content');
for (const anchor of document.querySelectorAll('header nav a')) {
  if (anchor.getAttribute('href') === location.pathname) anchor.setAttribute('aria-current', 'page');
}

if (location.pathname === '/') {
  const page = new LivePage();
  content.replaceChildren(page.root);
  page.start();
} else {
  content.replaceChildren(element('p', {}, 'There is nothing here yet.'));
}
