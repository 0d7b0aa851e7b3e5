import { z } from 'zod'
import type { Permission } from '../permissions/contract.ts'

/**
 * Who may call a route: anybody; a person whose password was right while the second factor may still be missing; a
 * signed-in person, whatever the company; or an actor with a permission in a company.
 */
export type Access = 'public' | 'half_session' | 'session' | Permission

export interface RouteContract {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with parameters as `:id`. */
  path: string
  /** Name in the OpenAPI document, unique. */
  operation: string
  summary: string
  access: Access
  /** Another permission that opens it: for which records says the command. */
  orAccess?: Permission
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** The body is no JSON but bytes (application/octet-stream), so many at most; the handler receives a Buffer. */
  binary?: { limit: number }
  /** Shape of the reply; null where the reply has no body (204). */
  reply: z.ZodType | null
  /** Status of success; 200, or 204 without a reply. */
  status?: 200 | 201 | 202
  /** Calls a network address may make in a minute where the general limit is too generous. */
  limitPerMinute?: number
  /** The reply is not JSON: its content type. The reply shape then is a string. */
  contentType?: string
  /** The reply is a page that one of ours shows in a frame: nothing in it runs, and nothing of it leaves. */
  framed?: boolean
}

/**
 * A route that programs of others call in a protocol of theirs, with a body of any content type: see raw.ts. The shapes
 * only document; the handler reads the body itself.
 */
export interface RawContract {
  method: 'GET' | 'POST'
  path: string
  /** Other names of the same route. */
  alsoAt?: readonly string[]
  operation: string
  summary: string
  /** How it is known who calls: a write key as the user of Basic authentication, a signature of the body, or a signed address. */
  access: 'write_key' | 'signature' | 'link'
  params?: z.ZodObject
  /** What is sent as JSON; nothing, or a form, without it. */
  body?: z.ZodType
  reply: z.ZodType
  /** The reply is no JSON: its content type. */
  contentType?: string
  /** Bytes of a body as it is sent. */
  bodyLimit: number
  /** Pages of any origin may call it from a browser. */
  anyOrigin?: boolean
  /** Requests a minute of one network; left out: `linksPerMinute` for signed addresses, none for others. */
  limitPerMinute?: number | 'none'
}

/** Declares a route: one declaration from which validation, OpenAPI, the web's client and the tests come. */
export function route<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract
}

type Part<Contract, Key extends string> =
  Contract extends Record<Key, infer Shape> ? (Shape extends z.ZodType ? z.output<Shape> : undefined) : undefined

/** What a handler receives: the validated parts of a request. */
export interface RouteInput<Contract extends RouteContract> {
  params: Part<Contract, 'params'>
  query: Part<Contract, 'query'>
  body: Contract extends { binary: object } ? Buffer : Part<Contract, 'body'>
}

/** What a route answers. */
export type RouteReply<Contract extends RouteContract> = Contract['reply'] extends z.ZodType
  ? z.output<Contract['reply']>
  : undefined

/** A moment, ISO 8601 with its offset. */
export const moment = z.iso.datetime({ offset: true })

export const idParams = z.object({ id: z.uuid() })

/** Query of a list that is paged by cursor. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_000).optional().meta({ description: 'The `next` of the page before.' }),
})

/** A page of a list: rows, and the cursor of the next page where there is one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** A text of one line that a person types: trimmed, without control characters. */
export function line(maximum: number) {
  return (
    z
      .string()
      .trim()
      .min(1)
      .max(maximum)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the purpose
      .regex(/^[^\u0000-\u001f\u007f]*$/)
      // Half a surrogate pair cannot be stored as it is.
      .refine(text => text.isWellFormed())
  )
}

/** An e-mail address, in lower case: one spelling for one mailbox. */
export const emailAddress = z.string().trim().toLowerCase().max(254).pipe(z.email())

/** RFC 9457 problem details, as every failing route answers. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
