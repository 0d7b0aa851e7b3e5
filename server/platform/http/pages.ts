import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { notFound } from '../errors/app-error.ts'

const forever = 'public, max-age=31536000, immutable'
/** The address of the tracker stands in pages of others for years: a newer one reaches them within the hour. */
const anHour = 'public, max-age=3600, stale-while-revalidate=86400'

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
      const ofOthers = /\/tracker(-messages)?\.js(\.gz|\.br)?$/.test(path)
      reply.header('cache-control', path.includes('/assets/') ? forever : ofOthers ? anHour : 'no-cache')
      // Pages of other origins load the tracker; everything else is for ours.
      if (ofOthers)
        reply.header('cross-origin-resource-policy', 'cross-origin').header('access-control-allow-origin', '*')
    },
  })
  app.get('/*', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/'
    // An address with an ending, or of the API, is a thing that does not exist, not a page.
    if (path.startsWith('/api/') || /\.\w+$/.test(path)) throw notFound()
    return reply.sendFile('index.html')
  })
}
