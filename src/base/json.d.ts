/** A parsed text is unknown until it has been checked. TypeScript's own library types it as any, which silences the compiler. */
interface JSON {
  parse(text: string): unknown;
}

/** The same holds for the body of an HTTP response. */
interface Body {
  json(): Promise<unknown>;
}
