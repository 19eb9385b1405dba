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

/** A column of a table: the one that names its rows, numbers, which are set to the right, and what is left out where there is little room. */
export interface Column {
  readonly title: string;
  readonly isName?: true;
  readonly isNumber?: true;
  readonly isSpare?: true;
}

/** A table under the titles of its columns. It scrolls by itself where the window is narrower still, and its edge shows that. */
export function table(columns: readonly Column[], body: HTMLTableSectionElement): HTMLElement {
  const head = columns.map((column) => element('th', { scope: 'col', class: classOf(column) }, column.title));
  const made = element('table', {}, element('thead', {}, element('tr', {}, ...head)), body);
  const titles = columns.map(({ title }) => title).join(', ');
  return element('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': titles }, made);
}

/** The cells of a row, one for each of these columns. */
export function cells(columns: readonly Column[], ...contents: readonly Child[]): readonly HTMLElement[] {
  return columns.map((column, place) => {
    const content = contents[place] ?? '';
    return column.isName
      ? element('th', { scope: 'row' }, content)
      : element('td', { class: classOf(column) }, content);
  });
}

function classOf({ isNumber, isSpare }: Column): string {
  return [isNumber ? 'number' : '', isSpare ? 'spare' : ''].join(' ').trim();
}
