/** The built program. */
export const program: string = new URL('../dist/main.js', import.meta.url).pathname;
