/** A dictionary in another language: the same names, no more and no fewer. */
export type Translation<Area extends Record<string, string>> = Record<keyof Area, string>
