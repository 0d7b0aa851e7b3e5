import ipaddr from 'ipaddr.js'

/** How domains are asked; what is not there is an empty list, and where nobody answers they throw. */
export interface LookUp {
  texts(host: string): Promise<string[]>
  addresses(host: string): Promise<string[]>
  mailHosts(host: string): Promise<string[]>
}

export interface SpfVerdict {
  state: 'good' | 'wrong' | 'unknown'
  /** Why it is void, whoever sends. */
  reason?: 'everybody' | 'too_many_lookups' | 'unreadable'
}

/** Who sends the messages of a domain. */
export interface SendingHost {
  /** What one would enter for it. */
  mechanism: string
  /** The host, where messages reach the world from its addresses; those of a provider are named by its own record. */
  server: string | undefined
  isProvider: boolean
}

/** What a record has to allow. */
interface Wanted {
  mechanism: string
  address: string | undefined
}

/** Of RFC 7208, 4.6.4: further questions make the whole record void. */
const mostLookUps = 10
const mostMailHosts = 10

const term = /^([+\-~?]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/\s][^\s]*?))?(\/\d{1,3})?(\/\/\d{1,3})?$/i
const modifier = /^([a-z][\w.-]*)=(\S*)$/i

export const isSpf = /^v=spf1(\s|$)/i

/** Ends an evaluation at once: the record is void, or nobody can say. */
class Ended extends Error {
  readonly verdict: SpfVerdict
  constructor(verdict: SpfVerdict) {
    super(verdict.state)
    this.verdict = verdict
  }
}

const refused = (reason: SpfVerdict['reason']) => new Ended({ state: 'wrong', ...(reason && { reason }) })

/**
 * Evaluates a domain's record as a receiver would (RFC 7208) for whoever sends the messages. Macros, `ptr` and `exists` hang
 * on the single message: where they decide, nobody can say.
 */
export async function judgeSpf(
  domain: string,
  record: string,
  { mechanism, server, isProvider }: SendingHost,
  lookUp: LookUp,
): Promise<SpfVerdict> {
  try {
    const addresses =
      isProvider || server === undefined ? [] : versionOf(server) ? [server] : await answer(lookUp.addresses(server))
    const outside = addresses.filter(address => !isInside(address))
    if (outside.length === 0) {
      const verdict = await evaluate(domain, record, { mechanism, address: undefined }, lookUp)
      // A server inside the company's network reaches the world from an address that nobody here knows.
      const isOpen = !isProvider && verdict.state === 'wrong' && !verdict.reason
      return isOpen ? { state: 'unknown' } : verdict
    }
    for (const address of outside) {
      const verdict = await evaluate(domain, record, { mechanism, address }, lookUp)
      if (verdict.state !== 'good') return verdict
    }
    return { state: 'good' }
  } catch (error) {
    if (error instanceof Ended) return error.verdict
    throw error
  }
}

async function evaluate(domain: string, record: string, wanted: Wanted, lookUp: LookUp): Promise<SpfVerdict> {
  const result = await new Evaluation(wanted, lookUp).judge(domain, record)
  return { state: result === 'pass' ? 'good' : result === 'unclear' ? 'unknown' : 'wrong' }
}

type Result = 'pass' | 'refused' | 'unclear'

class Evaluation {
  readonly #wanted: Wanted
  readonly #lookUp: LookUp
  #asked = 0

  constructor(wanted: Wanted, lookUp: LookUp) {
    this.#wanted = wanted
    this.#lookUp = lookUp
  }

  async judge(domain: string, record: string): Promise<Result> {
    const words = record.trim().split(/\s+/).slice(1)
    const terms = words.flatMap(word => {
      const read = term.exec(word)
      if (!read && !modifier.test(word)) throw refused('unreadable')
      return read ? [readTerm(read, domain)] : []
    })
    // A record that allows everybody vouches for nobody, whatever stands before.
    if (terms.some(isForEverybody)) throw refused('everybody')
    let isUnclear = false
    for (const each of terms) {
      const matches = await this.#matches(each)
      if (matches === 'no') continue
      if (matches === 'yes') return each.sign === '+' ? 'pass' : isUnclear ? 'unclear' : 'refused'
      if (each.sign !== '+') return 'unclear'
      isUnclear = true
    }
    const redirect = words.find(word => /^redirect=/i.test(word))?.slice('redirect='.length)
    if (redirect === undefined || terms.some(({ name }) => name === 'all')) return isUnclear ? 'unclear' : 'refused'
    const result = await this.#follow(redirect)
    return result === 'refused' && isUnclear ? 'unclear' : result
  }

  async #matches({ sign, name, value, host, bits4, bits6 }: Term): Promise<'yes' | 'no' | 'unclear'> {
    const { mechanism, address } = this.#wanted
    if (name === 'all') return 'yes'
    if (sign === '+' && `${name}${value === undefined ? '' : `:${value.toLowerCase()}`}` === mechanism) {
      if (name !== 'ip4' && name !== 'ip6') this.#count()
      return 'yes'
    }
    if (name === 'ip4' || name === 'ip6') return address && isWithin(address, value!, bits4, bits6) ? 'yes' : 'no'
    if (name === 'include') {
      const result = await this.#follow(host)
      return result === 'pass' ? 'yes' : result === 'refused' ? 'no' : 'unclear'
    }
    this.#count()
    if (name === 'ptr' || name === 'exists' || host.includes('%')) return 'unclear'
    if (address === undefined) return 'no'
    const hosts = name === 'a' ? [host] : await answer(this.#lookUp.mailHosts(host))
    if (hosts.length > mostMailHosts) throw refused('too_many_lookups')
    for (const each of hosts) {
      const found = await answer(this.#lookUp.addresses(each))
      if (found.some(other => isWithin(address, other, bits4, bits6))) return 'yes'
    }
    return 'no'
  }

  /** The record of another domain; without exactly one the whole is void. */
  async #follow(domain: string): Promise<Result> {
    this.#count()
    if (domain.includes('%')) return 'unclear'
    const found = (await answer(this.#lookUp.texts(domain))).filter(text => isSpf.test(text.trim()))
    if (found.length !== 1) throw refused('unreadable')
    return this.judge(domain, found[0]!)
  }

  #count(): void {
    this.#asked += 1
    if (this.#asked > mostLookUps) throw refused('too_many_lookups')
  }
}

interface Term {
  sign: string
  name: string
  value: string | undefined
  host: string
  bits4: number
  bits6: number
}

function readTerm([, sign, name = '', value, first, second]: RegExpExecArray, domain: string): Term {
  const bits = (text: string | undefined, most: number) => {
    const read = text === undefined ? most : Number(text.replaceAll('/', ''))
    if (read > most) throw refused('unreadable')
    return read
  }
  const kind = name.toLowerCase()
  const version = kind === 'ip4' ? 4 : kind === 'ip6' ? 6 : 0
  const needsValue = version > 0 || kind === 'include' || kind === 'exists'
  if (needsValue ? value === undefined : kind === 'all' && value !== undefined) throw refused('unreadable')
  if (version > 0 && versionOf(value!) !== version) throw refused('unreadable')
  return {
    sign: sign || '+',
    name: kind,
    value,
    host: value ?? domain,
    bits4: bits(version === 6 ? undefined : first, 32),
    bits6: bits(version === 6 ? first : second, 128),
  }
}

function isForEverybody({ sign, name, bits4, bits6 }: Term): boolean {
  if (sign !== '+') return false
  return name === 'all' || (name === 'ip4' && bits4 === 0) || (name === 'ip6' && bits6 === 0)
}

/** 4, 6, or 0 for what is no address. */
export function versionOf(text: string): 0 | 4 | 6 {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return 4
  return ipaddr.IPv6.isValid(text) ? 6 : 0
}

function isWithin(address: string, network: string, bits4: number, bits6: number): boolean {
  const version = versionOf(address)
  if (version === 0 || version !== versionOf(network)) return false
  return ipaddr.parse(address).match(ipaddr.parse(network), version === 4 ? bits4 : bits6)
}

const inside = new Set(['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat', 'unspecified'])

function isInside(address: string): boolean {
  return versionOf(address) === 0 || inside.has(ipaddr.parse(address).range())
}

async function answer<T>(asked: Promise<T>): Promise<T> {
  return asked.catch(() => {
    throw new Ended({ state: 'unknown' })
  })
}
