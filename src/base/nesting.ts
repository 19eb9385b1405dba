import { JsonDepth } from './json-depth.ts';

/**
 * True when the objects and lists of a JSON text are nested more than `depthMax` deep. A text that is no JSON may give either. To be asked before the
 * text is parsed: each level costs memory there and a call wherever the value is walked through.
 */
export function isNestedDeeper(text: string, depthMax: number): boolean {
  const depth = new JsonDepth();
  for (let place = 0; place < text.length; place++) {
    depth.take(text.charCodeAt(place));
    // It begins inside one object or list.
    if (depth.depth > depthMax + 1) return true;
  }
  return false;
}
