import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { notFound } from '../errors/app-error.ts'

/**
 * Serves the built pages: assets with a hash in their name for ever, index.html for every other address of a page,
 * so that the router in the browser can show it.
 */
export async function servePages(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) return
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    wildcard: false,
    index: false,
    setHeaders: (reply, path) => {
      const forever = path.includes('/assets/')
      reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    // An address with an ending, or of the API, is a thing that does not exist, not a page.
    if (path.startsWith('/api/') || /\.\w+$/.test(path)) throw notFound()
    return reply.sendFile('index.html')
  })
}
