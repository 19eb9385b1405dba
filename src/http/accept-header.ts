/**
 * True when a request asks for the page: its Accept header (RFC 9110, 12.5.1) names HTML, as a browser's does when a person opens an address. Programs
 * that take anything, such as curl, do not name it.
 */
export function prefersPage(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.toLowerCase().split(';');
    const isRefused = parameters.some((parameter) => /^\s*q=0(?:\.0*)?\s*$/.test(parameter));
    return type.trim() === 'text/html' && !isRefused;
  });
}
