/**
 * Stands in for zod inside the server's contracts when they are bundled for the browser (see vite.config.ts). The
 * typed client needs their methods, paths and TypeScript types, never their checks: the server makes those. Leaves
 * zod's 27 KB (gzip) out of the first page. Code of web/ that imports zod itself gets the real one.
 */
const checks = new Set(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'options', 'enum', 'decode', 'encode'])

const shape: object = new Proxy(() => shape, {
  get(_, name) {
    if (typeof name === 'symbol' || name === 'then') return undefined
    if (checks.has(name))
      throw new Error(
        `A contract's shape is asked for "${name}" in the browser, where shapes are left out. Let the server check.`,
      )
    return shape
  },
})

/** What makes shapes: `z.enum` makes one, while the `enum` of a shape would be its values. */
export const z: object = new Proxy({}, { get: () => shape })
