import type { Schema } from './document.ts'

/** A line of the tree: a field, what it may hold, and what is inside of it. */
export interface SchemaLine {
  name: string
  type: string
  /** Must be there. */
  required: boolean
  /** Limits and the value taken when it is left out. */
  limits: string[]
  values: string[]
  description: string | undefined
  children: SchemaLine[]
}

const deepest = 6

/** Follows references to the shape itself. */
export function resolved(schema: Schema, schemas: Record<string, Schema>): Schema {
  const name = schema.$ref?.split('/').at(-1)
  const target = name === undefined ? undefined : schemas[name]
  return target
    ? resolved({ ...target, ...(schema.description && { description: schema.description }) }, schemas)
    : schema
}

/** The fields of an object, or of what a list holds. */
export function linesOf(schema: Schema, schemas: Record<string, Schema>, depth = 0): SchemaLine[] {
  const { shape } = withoutNull(resolved(schema, schemas), schemas)
  if (depth > deepest) return []
  if (shape.items) return linesOf(shape.items, schemas, depth)
  return Object.entries(shape.properties ?? {}).map(([name, field]) =>
    lineOf(name, field, shape.required?.includes(name) ?? false, schemas, depth + 1),
  )
}

/** One field. */
export function lineOf(
  name: string,
  field: Schema,
  required: boolean,
  schemas: Record<string, Schema>,
  depth = 0,
): SchemaLine {
  const whole = resolved(field, schemas)
  const { shape, nullable } = withoutNull(whole, schemas)
  const inner = shape.items ? withoutNull(resolved(shape.items, schemas), schemas).shape : undefined
  return {
    name,
    type: [typeOf(shape, inner), nullable && 'null'].filter(Boolean).join(' | '),
    required,
    limits: limitsOf({ ...shape, default: whole.default ?? shape.default }),
    values: (shape.enum ?? inner?.enum ?? (shape.const === undefined ? [] : [shape.const])).map(String),
    description: whole.description ?? shape.description,
    children: linesOf(shape, schemas, depth),
  }
}

function withoutNull(schema: Schema, schemas: Record<string, Schema>): { shape: Schema; nullable: boolean } {
  const choices = (schema.anyOf ?? schema.oneOf)?.map(choice => resolved(choice, schemas))
  if (choices) {
    const others = choices.filter(choice => choice.type !== 'null')
    const nullable = others.length < choices.length
    return others.length === 1 && others[0] ? { shape: others[0], nullable } : { shape: schema, nullable }
  }
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter(type => type !== 'null')
    return { shape: { ...schema, type: types.join(' | ') }, nullable: types.length < schema.type.length }
  }
  return { shape: schema, nullable: false }
}

function typeOf(shape: Schema, inner: Schema | undefined): string {
  if (inner) return `${typeOf(inner, undefined)}[]`
  const type = Array.isArray(shape.type)
    ? shape.type.join(' | ')
    : (shape.type ?? (shape.properties ? 'object' : 'any'))
  return shape.format ? `${type} (${shape.format})` : type
}

function limitsOf(shape: Schema): string[] {
  const limits: string[] = []
  const { minLength, maxLength, minimum, maximum } = shape
  if (minLength !== undefined || maxLength !== undefined) limits.push(`${minLength ?? 0}–${maxLength ?? '∞'}`)
  // The bounds of a safe integer say nothing to a reader.
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined
  if (low !== undefined || high !== undefined) limits.push(`${low ?? '−∞'}–${high ?? '∞'}`)
  if (shape.default !== undefined) limits.push(`= ${JSON.stringify(shape.default)}`)
  return limits
}
