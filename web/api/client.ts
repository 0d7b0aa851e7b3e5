import type { z } from 'zod'
import type { RouteContract, RouteReply } from '../../server/platform/http/contract.ts'
import { pageCodes, pageProblem, problemOf } from './problem.ts'
import { reportSessionFault } from './session-fault.ts'

type Sent<Contract, Part extends 'params' | 'query' | 'body'> =
  Contract extends Record<Part, infer Shape extends z.ZodType>
    ? Record<never, never> extends z.input<Shape>
      ? { [Key in Part]?: z.input<Shape> }
      : { [Key in Part]: z.input<Shape> }
    : { [Key in Part]?: undefined }

/** What a call to a route takes: the parts its contract declares, each optional where all in it is. */
export type RouteCall<Contract extends RouteContract> = Sent<Contract, 'params'> &
  Sent<Contract, 'query'> &
  (Contract extends { binary: object } ? { body: Blob } : Sent<Contract, 'body'>)

/** The second argument of call(): may be left out where the route takes nothing. */
export type CallArguments<Contract extends RouteContract> =
  Record<never, never> extends RouteCall<Contract> ? [input?: RouteCall<Contract>] : [input: RouteCall<Contract>]

interface LooseCall {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** What every call carries besides its input; set when the session or the language changes. */
const carried: { tenant: string | null; locale: string } = { tenant: null, locale: 'ja' }

/** Says which company and language the page works in, from now on. */
export function carry(next: Partial<typeof carried>): void {
  Object.assign(carried, next)
}

/** Waits before a further attempt, in milliseconds. */
const retryWaits = [300, 1_200]
const retryStatus = new Set([502, 503, 504])

/** Address of a route with its parameters and query filled in. A query value of undefined or null is left out. */
export function addressOf(contract: RouteContract, input: LooseCall = {}): string {
  const path = contract.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name] ?? '')),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {})) {
    if (value === undefined || value === null) continue
    for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

/**
 * Calls a route by its contract. Replies have been shaped by the server against the same contract, so they are not
 * parsed again here.
 * @throws ApiProblem
 */
export async function call<Contract extends RouteContract>(
  contract: Contract,
  ...[input]: CallArguments<Contract>
): Promise<RouteReply<Contract>> {
  return (await send(contract, (input ?? {}) as LooseCall)) as RouteReply<Contract>
}

/** Calls the API for a file that is no text (PDF). @throws ApiProblem as `call` */
export async function callForFile<Contract extends RouteContract>(
  contract: Contract,
  ...[input]: CallArguments<Contract>
): Promise<Blob> {
  return (await send(contract, (input ?? {}) as LooseCall)) as Blob
}

/** The call without its types, for hooks that have checked them; `signal` ends it early. */
export async function send(contract: RouteContract, input: LooseCall, signal?: AbortSignal): Promise<unknown> {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': carried.locale })
  if (carried.tenant) headers.set('Kizuna-Tenant', carried.tenant)
  if (contract.method !== 'GET') headers.set('Idempotency-Key', crypto.randomUUID())
  const isFile = input.body instanceof Blob
  if (input.body !== undefined) headers.set('Content-Type', isFile ? 'application/octet-stream' : 'application/json')
  const request: RequestInit = {
    method: contract.method,
    headers,
    credentials: 'same-origin',
    body: input.body === undefined ? null : isFile ? (input.body as Blob) : JSON.stringify(input.body),
    signal: signal ?? null,
  }
  const response = await attempt(addressOf(contract, input), request, isRepeatable(contract))
  if (!response.ok) {
    const problem = await problemOf(response)
    // A wrong password at the sign-in is no end of a session, and who asks for the session asks just that.
    if (contract.access !== 'public' && contract.operation !== 'getSession') reportSessionFault(problem)
    throw problem
  }
  if (contract.reply === null || response.status === 204) return undefined
  if (contract.contentType === 'application/pdf') return response.blob()
  if (contract.contentType !== undefined) return response.text()
  return response.json().catch(() => {
    throw pageProblem(pageCodes.unreadable, response.status)
  })
}

/**
 * Whether sending again is safe: reads, and writes in a company, which their key makes the server answer once. Sign-in
 * and what changes the session set a cookie that a stored reply does not hold.
 */
function isRepeatable({ method, access }: RouteContract): boolean {
  return method === 'GET' || !['public', 'half_session', 'session'].includes(access)
}

/** Sends, and sends again after a broken connection or an answer of a server that is just starting. */
async function attempt(address: string, request: RequestInit, repeatable: boolean): Promise<Response> {
  for (const wait of [...(repeatable ? retryWaits : []), null]) {
    try {
      const response = await fetch(address, request)
      if (wait === null || !retryStatus.has(response.status)) return response
    } catch (fault) {
      if (request.signal?.aborted) throw fault
      if (wait === null) throw pageProblem(pageCodes.network)
    }
    await new Promise(resolve => setTimeout(resolve, wait))
  }
  throw pageProblem(pageCodes.network)
}
