import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>>
}

/** Checks answers against the OpenAPI document that the server serves: what PostgreSQL writes as JSON passes no schema else. */
export class OpenApiCheck {
  #ajv: Ajv2020
  #routes: { method: string; pattern: RegExp; template: string }[] = []
  #validators = new Map<string, ValidateFunction>()
  #document: Document

  constructor(text: string) {
    this.#document = JSON.parse(text)
    this.#ajv = new Ajv2020({ strict: false, allErrors: true })
    ;(addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv)
    this.#ajv.addSchema(this.#document, 'openapi')
    for (const [template, item] of Object.entries(this.#document.paths)) {
      const pattern = new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`)
      for (const method of Object.keys(item)) this.#routes.push({ method, pattern, template })
    }
    // A path without parameters goes before one with: `/customers/summary` is no customer.
    this.#routes.sort((one, other) => Number(one.template.includes('{')) - Number(other.template.includes('{')))
  }

  /** What the document does not allow in an answer; empty where it fits or is not described there. */
  faults(method: string, path: string, status: number, body: unknown): string[] {
    const route = this.#routes.find(known => known.method === method.toLowerCase() && known.pattern.test(path))
    if (!route) return []
    const pointer = [
      'paths',
      route.template,
      route.method,
      'responses',
      String(status),
      'content',
      'application/json',
      'schema',
    ]
    const found = pointer.reduce<unknown>(
      (node, key) => (node as Record<string, unknown> | undefined)?.[key],
      this.#document,
    )
    if (!found) return []
    const reference = `openapi#/${pointer.map(key => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
    let validate = this.#validators.get(reference)
    if (!validate) {
      validate = this.#ajv.compile({ $ref: reference })
      this.#validators.set(reference, validate)
    }
    if (validate(body)) return []
    return (validate.errors ?? []).slice(0, 5).map(error => `${error.instancePath || '/'} ${error.message}`)
  }
}
