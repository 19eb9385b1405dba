import { readdirSync, readFileSync } from 'node:fs';
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

/** All files that a page may come to load; without what only a chain with beacons needs, where that is left out. */
function reach(isFollowed: (specifier: string) => boolean = () => true): ReadonlySet<string> {
  const reached = new Set(['/assets/web/main.js']);
  for (const path of reached) {
    const imports = text(assets.get(path)?.bytes ?? new Uint8Array()).matchAll(
      /^(?:import|export)\b[^;]*?\bfrom ['"]([^'"]+)['"];|\bimport\(\s*['"]([^'"]+)['"]/gm,
    );
    for (const [, specifier, dynamic = ''] of imports) {
      if (specifier !== undefined || isFollowed(dynamic)) reached.add(resolve(path, specifier ?? dynamic));
    }
  }
  return reached;
}

describe('the files of the page', () => {
  it('have everything that its modules import, and that these import', () => {
    const reached = reach();
    expect([...reached].filter((path) => !assets.has(path))).toEqual([]);
    expect(reached.size).toBeGreaterThan(50);
    expect(reached).toContain('/assets/curves/bls12-381.js');
  });

  it('have every part of the style sheet', () => {
    const style = text(assets.get('/assets/style.css')?.bytes ?? new Uint8Array());
    const parts = readdirSync(new URL('../../public/style/', import.meta.url));
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) {
      expect(style).toContain(readFileSync(new URL(`../../public/style/${part}`, import.meta.url), 'utf8'));
    }
  });

  it('leave the pairing to be loaded where a chain has beacons', () => {
    const reached = reach((specifier) => specifier !== './drand-signature.js');
    expect(reached).toContain('/assets/core/load-beacon-verifier.js');
    expect([...reached].filter((path) => /bls|drand/.test(path))).toEqual([]);
  });
});
