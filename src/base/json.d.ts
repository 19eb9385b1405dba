/** What a text holds is unknown until it has been read. TypeScript's own library calls it any, which silences the compiler. */
interface JSON {
  parse(text: string): unknown;
}

/** And so is what somebody answers. */
interface Body {
  json(): Promise<unknown>;
}
