import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'
import { problem, type RawContract, type RouteContract } from './contract.ts'

const anyProblem = {
  description: 'Problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: problem } },
}

const idempotencyHeader = z.object({ 'Idempotency-Key': z.string().max(255).optional() })

/** The OpenAPI 3.1 document of all routes, made from their contracts. */
export function openApiDocument(
  contracts: readonly RouteContract[],
  raw: readonly RawContract[],
  address: string,
): object {
  const paths: ZodOpenApiPathsObject = {}
  for (const contract of contracts) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: operationOf(contract) }
  }
  for (const contract of raw) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [contract.method.toLowerCase()]: rawOperationOf(contract) }
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Kizuna',
      version: '1',
      description:
        'Customer success platform. Every write of somebody who is signed in takes an `Idempotency-Key`; lists are paged by `cursor`.',
    },
    servers: [{ url: address }],
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of a company (`kzk_…`).' },
        writeKey: { type: 'http', scheme: 'basic', description: 'The write key of a source as the user (`kzw_…`).' },
        session: { type: 'apiKey', in: 'cookie', name: address.startsWith('https:') ? '__Host-kizuna' : 'kizuna' },
      },
    },
    paths,
  })
}

function operationOf(contract: RouteContract): ZodOpenApiOperationObject {
  const status = contract.reply === null ? '204' : String(contract.status ?? 200)
  return {
    operationId: contract.operation,
    summary: contract.summary,
    tags: [groupOf(contract)],
    security: securityOf(contract),
    'x-kizuna-access': contract.access,
    ...(contract.orAccess && { 'x-kizuna-or-access': contract.orAccess }),
    requestParams: {
      ...(contract.params && { path: contract.params }),
      ...(contract.query && { query: contract.query }),
      ...(contract.method !== 'GET' && contract.access !== 'public' && { header: idempotencyHeader }),
    },
    ...(contract.binary && {
      requestBody: {
        required: true,
        content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
      },
    }),
    ...(contract.body && {
      requestBody: { required: true, content: { 'application/json': { schema: contract.body } } },
    }),
    responses: {
      [status]: contract.reply
        ? { description: contract.summary, content: { [mediaType(contract)]: { schema: contract.reply } } }
        : { description: 'Done' },
      default: anyProblem,
    },
  }
}

function rawOperationOf(contract: RawContract): ZodOpenApiOperationObject {
  return {
    operationId: contract.operation,
    summary: contract.summary,
    description: contract.alsoAt && `Also at ${contract.alsoAt.map(path => `\`${path}\``).join(', ')}.`,
    tags: [contract.access === 'link' ? 'links' : 'ingest'],
    security: contract.access === 'write_key' ? [{ writeKey: [] }] : [],
    'x-kizuna-access': contract.access,
    requestParams: { ...(contract.params && { path: contract.params }) },
    ...(contract.body && {
      requestBody: { required: true, content: { 'application/json': { schema: contract.body } } },
    }),
    responses: {
      200: {
        description: contract.summary,
        content: { [contract.contentType ?? 'application/json']: { schema: contract.reply } },
      },
      default: anyProblem,
    },
  }
}

/** Routes of one's own account stand together, as does what administrators look at; others by the kind of record. */
function groupOf({ access, path }: RouteContract): string {
  if (access === 'public' || access === 'session' || access === 'half_session') return 'account'
  const [, , , kind = 'api'] = path.split('/')
  if (kind.startsWith('audit')) return 'audit'
  return kind.startsWith('job') ? 'jobs' : kind
}

function securityOf({ access, orAccess }: RouteContract): Record<string, string[]>[] {
  if (access === 'public') return []
  if (access === 'session' || access === 'half_session') return [{ session: [] }]
  return [{ apiKey: [access] }, ...(orAccess ? [{ apiKey: [orAccess] }] : []), { session: [] }]
}

function mediaType(contract: RouteContract): string {
  return contract.contentType?.split(';')[0] ?? 'application/json'
}
