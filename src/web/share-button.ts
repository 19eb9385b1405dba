import { element } from './elements.ts';

/**
 * A button that passes an address on: with what the system has for that, with the clipboard, or as a text to copy where a browser has neither, as
 * it does on a page without https.
 */
export function shareButton(words: string, address: string): HTMLElement {
  const button = element('button', { type: 'button', class: 'quiet-button' }, words);
  const said = element('span', { role: 'status' });
  const field = element('input', { readonly: '', value: address, 'aria-label': 'The link to copy' });
  field.hidden = true;
  button.addEventListener('click', async () => {
    if (await passOn(address)) {
      said.textContent = 'Passed on.';
      return;
    }
    field.hidden = false;
    field.select();
    said.textContent = 'Copy this link.';
  });
  return element('span', { class: 'share-link' }, button, field, said);
}

/** False where the browser can do neither, or was not allowed to. */
async function passOn(address: string): Promise<boolean> {
  try {
    if (typeof navigator.share === 'function') await navigator.share({ url: address });
    else await navigator.clipboard.writeText(address);
    return true;
  } catch {
    return false;
  }
}
