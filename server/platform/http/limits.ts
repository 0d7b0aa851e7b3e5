import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors/app-error.ts'
import type { RouteContract } from './contract.ts'

/** What one network address and one account may ask for; counted per server process, which is enough to stop a flood. */
export interface Limits {
  network(network: string, contract: RouteContract): Promise<void>
  account(id: string): Promise<void>
}

/** @param perMinute requests a minute for one account; a network may make four times as many */
export function createLimits(perMinute: number): Limits {
  const accounts = new RateLimiterMemory({ keyPrefix: 'account', points: perMinute, duration: 60 })
  const networks = new RateLimiterMemory({ keyPrefix: 'network', points: perMinute * 4, duration: 60 })
  const narrow = new Map<string, RateLimiterMemory>()
  return {
    async network(network, contract) {
      await take(networks, network)
      if (!contract.limitPerMinute) return
      let limiter = narrow.get(contract.operation)
      if (!limiter) {
        limiter = new RateLimiterMemory({
          keyPrefix: contract.operation,
          points: contract.limitPerMinute,
          duration: 60,
        })
        narrow.set(contract.operation, limiter)
      }
      await take(limiter, network)
    },
    account: id => take(accounts, id),
  }
}

/** @throws AppError `rate_limited` */
export async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw tooMany(refused.msBeforeNext / 1_000)
    throw refused
  }
}

/** @param seconds until the next try is accepted */
export function tooMany(seconds: number): AppError {
  const wait = Math.max(1, Math.ceil(seconds))
  return new AppError(
    'rate_limited',
    {
      ja: `回数が多すぎます。${wait}秒後にもう一度お試しください。`,
      en: `Too many requests. Try again in ${wait} seconds.`,
    },
    { retryAfter: wait },
  )
}
