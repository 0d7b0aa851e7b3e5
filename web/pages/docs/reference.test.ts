import { describe, expect, test } from 'vitest'
import { matches, referenceOf, type Schema } from './document.ts'
import { curlOf } from './example.ts'
import { linesOf } from './schema-line.ts'

const person: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 80 },
    team: { anyOf: [{ type: 'string' }, { type: 'null' }] },
  },
  required: ['name'],
}
const reference = referenceOf({
  servers: [{ url: 'https://kizuna.example' }],
  components: { schemas: { Person: person } },
  paths: {
    '/api/v1/people/{id}': {
      patch: {
        operationId: 'updatePerson',
        summary: 'Rename somebody',
        tags: ['people'],
        'x-kizuna-access': 'members.manage',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } } },
        responses: { '204': {}, default: {} },
      },
    },
  },
})
const [entry] = reference.groups[0]?.entries ?? []
if (!entry) throw new Error('The sample has one operation.')

describe('the reference', () => {
  test('finds an operation by words of its path, summary and permission', () => {
    expect(matches(entry, 'people rename')).toBe(true)
    expect(matches(entry, 'MEMBERS.manage')).toBe(true)
    expect(matches(entry, 'teams')).toBe(false)
  })
  test('shows the fields of a shape behind a reference, with limits and null', () => {
    expect(entry.request && linesOf(entry.request, reference.schemas)).toMatchObject([
      { name: 'name', type: 'string', required: true, limits: ['1–80'] },
      { name: 'team', type: 'string | null', required: false },
    ])
  })
  test('gives a call that works as it stands, but for the key', () => {
    expect(curlOf(entry, reference.schemas, reference.address)).toBe(
      [
        "curl -X PATCH 'https://kizuna.example/api/v1/people/01980a1c-7b2e-7c3d-9e4f-5a6b7c8d9e0f' \\",
        "  -H 'Authorization: Bearer kzk_…' \\",
        "  -H 'Idempotency-Key: <uuid>' \\",
        "  -H 'Content-Type: application/json' \\",
        `  -d '${JSON.stringify({ name: 'Misaki Sato' }, null, 2)}'`,
      ].join('\n'),
    )
  })
})
