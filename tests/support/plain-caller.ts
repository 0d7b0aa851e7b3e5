import type { Caller } from './application.ts'

// biome-ignore lint/suspicious/noExplicitAny: the test reads answers as somebody without the contracts would
export type PlainAnswer = { status: number; body: any; problem: any }

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const base = '/api/v1/customer-success'

/** Calls the API of record by paths, as somebody who reads the spec; a failure of the server ends the test. */
export async function callRecord(caller: Caller, method: Method, path: string, payload?: object): Promise<PlainAnswer> {
  const answer = (await caller.send({ method, url: `${base}${path}`, payload })) as PlainAnswer
  if (answer.status >= 500) throw new Error(`${method} ${path}: ${JSON.stringify(answer.problem)}`)
  return answer
}
