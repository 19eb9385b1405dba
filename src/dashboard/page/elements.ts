type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** A new element. Text among the children becomes text nodes: nothing that anybody typed is ever read as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The same for a drawing. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A link of the page. */
export function link(address: string, ...children: readonly Child[]): HTMLAnchorElement {
  return element('a', { href: address }, ...children);
}

/** Sets the text of an element, when it is another one: a screen reader is told of every change. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A table under its titles; the columns of numbers are set to the right. It scrolls by itself where the window is narrow. */
export function table(
  titles: readonly string[],
  numeric: readonly string[],
  rows: readonly HTMLTableRowElement[],
): HTMLElement {
  const head = titles.map((title) => {
    const attributes: Attributes = numeric.includes(title) ? { scope: 'col', class: 'number' } : { scope: 'col' };
    return element('th', attributes, title);
  });
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows));
  return element('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': titles.join(', ') }, made);
}
