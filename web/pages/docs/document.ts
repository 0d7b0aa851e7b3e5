/** A JSON Schema as the server's document holds them: the parts that this page shows. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  description?: string
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
}

interface Content {
  content?: Record<string, { schema: Schema }>
}

interface Operation {
  operationId: string
  summary: string
  tags?: string[]
  'x-kizuna-access': string
  parameters?: { name: string; in: string; required?: boolean; schema: Schema; description?: string }[]
  requestBody?: Content
  responses: Record<string, Content>
}

interface ApiDocument {
  servers?: { url: string }[]
  components?: { schemas?: Record<string, Schema> }
  paths: Record<string, Record<string, Operation>>
}

/** An operation as the page shows it. */
export interface Entry {
  id: string
  method: string
  path: string
  summary: string
  tag: string
  access: string
  parameters: NonNullable<Operation['parameters']>
  request: Schema | undefined
  status: string
  response: { type: string; schema: Schema } | undefined
}

/** The whole reference. */
export interface Reference {
  address: string
  groups: { tag: string; entries: Entry[] }[]
  schemas: Record<string, Schema>
}

/** @throws Error when the server does not answer with its document */
export async function loadReference(): Promise<Reference> {
  const response = await fetch('/openapi.json')
  if (!response.ok) throw new Error(`/openapi.json: ${response.status}`)
  return referenceOf((await response.json()) as ApiDocument)
}

/** Orders a document by tag, in the order in which the tags first appear. */
export function referenceOf(document: ApiDocument): Reference {
  const entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => entryOf(method, path, operation)),
  )
  const groups = [...Map.groupBy(entries, entry => entry.tag)].map(([tag, members]) => ({ tag, entries: members }))
  return { address: document.servers?.[0]?.url ?? '', groups, schemas: document.components?.schemas ?? {} }
}

function entryOf(method: string, path: string, operation: Operation): Entry {
  const [status = '200', reply] = Object.entries(operation.responses).find(([code]) => code.startsWith('2')) ?? []
  const [type, body] = Object.entries(reply?.content ?? {})[0] ?? []
  return {
    id: operation.operationId,
    method: method.toUpperCase(),
    path,
    summary: operation.summary,
    tag: operation.tags?.[0] ?? 'api',
    access: operation['x-kizuna-access'],
    parameters: operation.parameters ?? [],
    request: Object.values(operation.requestBody?.content ?? {})[0]?.schema,
    status,
    response: type && body ? { type, schema: body.schema } : undefined,
  }
}

/** Whether an entry has all the words of a search, in whatever order. */
export function matches(entry: Entry, search: string): boolean {
  const text = `${entry.method} ${entry.path} ${entry.summary} ${entry.id} ${entry.access}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
}
