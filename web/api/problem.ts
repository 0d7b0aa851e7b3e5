import type { z } from 'zod'
import type { problem as problemShape } from '../../server/platform/http/contract.ts'

type ProblemDocument = z.output<typeof problemShape>

/** A request that failed, as the server explained it (RFC 9457 problem details), in the reader's language. */
export class ApiProblem extends Error {
  readonly type: string
  readonly title: string
  /** HTTP status; 0 where no answer came. */
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly errors: readonly { path: string; message: string }[]
  readonly requestId: string

  constructor(problem: ProblemDocument) {
    super(problem.detail || problem.title)
    this.name = 'ApiProblem'
    this.type = problem.type
    this.title = problem.title
    this.status = problem.status
    this.detail = problem.detail
    this.code = problem.code
    this.errors = problem.errors ?? []
    this.requestId = problem.requestId
  }
}

/** Codes that this page makes itself, where no server answered in the agreed way. */
export const pageCodes = { network: 'page.network', unreadable: 'page.unreadable' } as const

/** The problem in a failed response; one of the page's own where the body is no problem document. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  return isProblem(body) ? new ApiProblem(body) : pageProblem(pageCodes.unreadable, response.status)
}

function isProblem(body: unknown): body is ProblemDocument {
  if (typeof body !== 'object' || body === null) return false
  const { title, detail, code, errors } = body as Record<string, unknown>
  const texts = [title, detail, code].every(text => typeof text === 'string')
  return texts && (errors === undefined || Array.isArray(errors))
}

/** A problem without a server's words; the screen puts it in the reader's language by its code. */
export function pageProblem(code: (typeof pageCodes)[keyof typeof pageCodes], status = 0): ApiProblem {
  return new ApiProblem({ type: 'about:blank', title: '', status, detail: '', code, errors: [], requestId: '' })
}
