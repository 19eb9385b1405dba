import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStaticFiles } from '../../src/http/static-files.ts';

const { assets, document } = readStaticFiles();
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Where the browser finds what a module imports. */
function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  const [, map = '{}'] = /<script type="importmap">(.*?)<\/script>/.exec(text(document.bytes)) ?? [];
  const { imports }: { imports: Record<string, string> } = JSON.parse(map);
  const [name = '', path = specifier] = Object.entries(imports).find(([name]) => specifier.startsWith(name)) ?? [];
  return path + specifier.slice(name.length);
}

describe('the files of the page', () => {
  it('have everything that its modules import, and that these import', () => {
    const reached = new Set(['/assets/web/main.js']);
    const missing: string[] = [];
    for (const path of reached) {
      const file = assets.get(path);
      if (file === undefined) missing.push(path);
      const imports = text(file?.bytes ?? new Uint8Array()).matchAll(
        /^(?:import|export)\b[^;]*?\bfrom ['"]([^'"]+)['"];|\bimport\(\s*['"]([^'"]+)['"]/gm,
      );
      for (const [, specifier, dynamic] of imports) reached.add(resolve(path, specifier ?? dynamic ?? ''));
    }
    expect(missing).toEqual([]);
    expect(reached.size).toBeGreaterThan(50);
  });
});
