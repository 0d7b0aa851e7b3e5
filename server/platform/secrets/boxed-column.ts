/** A column that holds boxes. Declared beside the tables, so that a rotation of keys finds every one of them. */
export interface BoxedColumn {
  table: string
  column: string
  /** For a jsonb column: the field of the object that holds the box. */
  field?: string
  /** Columns that name a row (besides the tenant's) with their types; their texts, with a space between, are the `row` of the place. */
  key: Readonly<Record<string, 'uuid' | 'text' | 'bigint'>>
  /** The `row` of the place where it is not made of the key. */
  row?: string
}
