import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors/app-error.ts'

/**
 * Refuses a write that another site made a browser send. Browsers say where a request comes from
 * (Sec-Fetch-Site, Origin); a request with a session cookie must come from our own pages.
 * @throws AppError `forbidden`
 */
export function refuseForeignWrite(request: FastifyRequest, ownOrigins: readonly string[]): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  const ownSite = site === undefined || site === 'same-origin' || site === 'none'
  const ownOrigin =
    origin === undefined || ownOrigins.includes(origin) || origin === `${request.protocol}://${request.host}`
  if (ownSite && ownOrigin) return
  throw new AppError('forbidden', {
    ja: '他のサイトからの操作は受け付けられません。Kizunaの画面から操作してください。',
    en: 'A write from another site is refused. Use the pages of Kizuna.',
  })
}
