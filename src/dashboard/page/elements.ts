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

/**
 * Shows rows in place of those that were shown before. Each is known by its attribute data-key, and what is the same in it stays in the
 * document: nobody loses the link that has the focus, or the place to which they scrolled.
 */
export function renewRows(parent: Element, rows: readonly HTMLElement[]): void {
  const focused = document.activeElement;
  const keys = new Set(rows.map(keyOf));
  const known = new Map<string, Element>();
  for (const old of [...parent.children]) {
    if (keys.has(keyOf(old))) known.set(keyOf(old), old);
    else old.remove();
  }
  let next = parent.firstElementChild;
  for (const row of rows) {
    const old = known.get(keyOf(row));
    if (old !== undefined) renewRow(old, row);
    const shown = old ?? row;
    if (shown === next) next = next.nextElementSibling;
    else parent.insertBefore(shown, next);
  }
  // A row that had to move has lost it.
  if (focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

function renewRow(old: Element, row: Element): void {
  old.className = row.className;
  const cells = [...row.children];
  if (old.children.length !== cells.length) {
    old.replaceChildren(...cells);
    return;
  }
  for (const [place, cell] of [...old.children].entries()) {
    const renewed = cells[place];
    if (renewed !== undefined && !cell.isEqualNode(renewed)) cell.replaceWith(renewed);
  }
}

function keyOf(row: Element): string {
  return row.getAttribute('data-key') ?? '';
}

/** A table under its titles; the columns of numbers are set to the right. It scrolls by itself where the window is narrow. */
export function table(
  titles: readonly string[],
  numeric: readonly string[],
  body: HTMLTableSectionElement,
): HTMLElement {
  const head = titles.map((title) => {
    const attributes: Attributes = numeric.includes(title) ? { scope: 'col', class: 'number' } : { scope: 'col' };
    return element('th', attributes, title);
  });
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...head)), body);
  return element('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': titles.join(', ') }, made);
}
