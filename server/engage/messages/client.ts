import { Resolver } from 'node:dns/promises'
import { get } from 'node:https'
import { isOfAmazon } from './notification.ts'
import type { LookUp } from './spf.ts'

/** Longest time for an answer (ms), and bytes of it that are read. */
const longest = 8_000
const mostAnswer = 65_536

/** Fetches a text from Amazon's own addresses; nothing else, and no redirects. @throws Error for other addresses and failures */
export function fetchFromAmazon(address: string): Promise<string> {
  if (!isOfAmazon(address, /^\/(SimpleNotificationService-[\w.-]+\.pem)?$/)) {
    return Promise.reject(new Error('This is no address of Amazon SNS.'))
  }
  return new Promise((resolve, reject) => {
    const request = get(address, { signal: AbortSignal.timeout(longest) }, response => {
      const parts: Buffer[] = []
      let size = 0
      response.on('data', (part: Buffer) => {
        size += part.length
        if (size > mostAnswer) request.destroy(new Error('The answer is too long.'))
        else parts.push(part)
      })
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(parts).toString('utf8'))
        else reject(new Error(`HTTP ${response.statusCode}`))
      })
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}

/** Asks the name servers of this machine. */
export const nameServers: LookUp = {
  texts: async host => (await ask(resolver => resolver.resolveTxt(host))).map(parts => parts.join('')),
  addresses: async host => {
    const found = await Promise.all([
      ask(resolver => resolver.resolve4(host)),
      ask(resolver => resolver.resolve6(host)),
    ])
    return found.flat()
  },
  mailHosts: async host => (await ask(resolver => resolver.resolveMx(host))).map(({ exchange }) => exchange),
}

/** What is not there is an empty list. @throws Error where nobody answers */
async function ask<T>(question: (resolver: Resolver) => Promise<T[]>): Promise<T[]> {
  try {
    return await question(new Resolver({ timeout: 3_000, tries: 2 }))
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOTFOUND' || code === 'ENODATA') return []
    throw error
  }
}
