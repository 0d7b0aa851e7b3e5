import type { FastifyReply, FastifyRequest } from 'fastify'

/** `__Host-` ties the cookie to the host and to TLS; without TLS browsers refuse the prefix, so it is left away there. */
function nameOf(address: string): string {
  return address.startsWith('https:') ? '__Host-kizuna' : 'kizuna'
}

/** The cookie that carries a session's token. */
export const sessionCookie = {
  read(request: FastifyRequest, address: string): string | undefined {
    return request.cookies[nameOf(address)]
  },
  set(reply: FastifyReply, address: string, token: { text: string; expiresAt: Date } | null): void {
    const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: address.startsWith('https:') } as const
    if (token) reply.setCookie(nameOf(address), token.text, { ...options, expires: token.expiresAt })
    else reply.clearCookie(nameOf(address), options)
  },
}
