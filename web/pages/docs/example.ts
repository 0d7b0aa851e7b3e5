import type { Entry, Schema } from './document.ts'
import { resolved } from './schema-line.ts'

const deepest = 6
const formats: Record<string, string> = {
  uuid: '01980a1c-7b2e-7c3d-9e4f-5a6b7c8d9e0f',
  email: 'misaki@example.com',
  'date-time': '2026-12-15T06:04:00.000Z',
  date: '2026-12-15',
}
const names: Record<string, string> = {
  name: 'Misaki Sato',
  company: 'Minato Cloud',
  slug: 'minato-cloud',
  password: 'a long passphrase',
  current: 'the passphrase so far',
  timeZone: 'Asia/Tokyo',
  token: 'kzv_…',
  code: '123456',
}

/** A value that fits a shape; optional fields are left out. */
function exampleOf(schema: Schema, schemas: Record<string, Schema>, name = '', depth = 0): unknown {
  const shape = resolved(schema, schemas)
  const choice = shape.anyOf?.[0] ?? shape.oneOf?.[0] ?? shape.allOf?.[0]
  if (shape.const !== undefined) return shape.const
  if (shape.enum) return shape.enum[0]
  if (choice) return exampleOf(choice, schemas, name, depth + 1)
  if (depth > deepest) return null
  if (shape.properties) {
    const required = Object.entries(shape.properties).filter(([field]) => shape.required?.includes(field))
    const shown = required.length > 0 ? required : Object.entries(shape.properties).slice(0, 1)
    return Object.fromEntries(shown.map(([field, inner]) => [field, exampleOf(inner, schemas, field, depth + 1)]))
  }
  if (shape.items) return [exampleOf(shape.items, schemas, name, depth + 1)]
  if (shape.type === 'boolean') return true
  if (shape.type === 'integer' || shape.type === 'number') return shape.minimum ?? 1
  if (shape.type === 'string') return formats[shape.format ?? ''] ?? names[name] ?? 'text'
  return null
}

/**
 * The call on a command line, with a key of the caller's own where the operation takes one. The values hold no
 * apostrophe, so that the quotes of the shell suffice.
 */
export function curlOf(entry: Entry, schemas: Record<string, Schema>, address: string): string {
  const path = entry.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = entry.parameters.find(each => each.name === name)
    return String(parameter ? exampleOf(parameter.schema, schemas, name) : name)
  })
  const lines = [`curl ${entry.method === 'GET' ? '' : `-X ${entry.method} `}'${address}${path}'`]
  if (entry.access === 'session' || entry.access === 'half_session') lines.push("-b 'kizuna=<session>'")
  else if (entry.access !== 'public') lines.push("-H 'Authorization: Bearer kzk_…'")
  if (entry.method !== 'GET') lines.push("-H 'Idempotency-Key: <uuid>'")
  if (entry.request) {
    lines.push("-H 'Content-Type: application/json'")
    lines.push(`-d '${JSON.stringify(exampleOf(entry.request, schemas), null, 2)}'`)
  }
  return lines.join(' \\\n  ')
}
