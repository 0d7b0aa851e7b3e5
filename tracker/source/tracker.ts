import about from '../package.json' with { type: 'json' }
import { createDelivery, type Message } from './delivery.ts'
import { newId } from './id.ts'
import type { Messages, MessagesOptions } from './messages.ts'
import { createMemory } from './storage.ts'

export type Fields = Record<string, unknown>

export interface Tracker {
  page(name?: string | Fields, properties?: Fields): void
  track(event: string, properties?: Fields): void
  /** @param proof signs the user for messages inside the product: HMAC-SHA256 of the id by the secret of the source */
  identify(userId: string | number | Fields, traits?: Fields, proof?: { userHash?: string }): void
  group(groupId: string | number, traits?: Fields): void
  /** Says that what was done under another id was this user, too; without one: under the anonymous id. */
  alias(userId: string | number, previousId?: string): void
  /** Somebody else uses the page now, such as after signing out. */
  reset(): void
  /** Before it is granted, nothing is stored or sent; denied, everything is cleared. */
  consent(answer: 'granted' | 'denied'): void
}

export interface TrackerOptions {
  /** Of the source. */
  writeKey: string
  /** Address of the server. */
  host: string
  /** Consent is asked for elsewhere, or was given. */
  consent?: 'granted' | undefined
  /** Messages inside the product are shown; their script is loaded once somebody is identified. */
  messages?: boolean | undefined
}

/** Makes a tracker. It never throws into the page. */
export function createTracker({ writeKey, host: given, consent, messages }: TrackerOptions): Tracker {
  const host = given.replace(/\/$/, '')
  const prefix = `kizuna:${writeKey.slice(-8)}:`
  const memory = createMemory(prefix)
  const delivery = createDelivery(`${host}/v1/batch`, writeKey, memory)
  let denied = false
  let person: MessagesOptions | undefined
  let shown: Promise<Messages> | undefined

  const anonymousId = () => {
    const known = memory.get('anonymous')
    if (known) return known
    const id = newId()
    memory.set('anonymous', id)
    return id
  }

  /** Messages of somebody else, or of nobody, go away. */
  const hide = () => {
    person = undefined
    shown?.then(each => each.close()).catch(() => {})
    shown = undefined
  }

  /** Shows what waits for the user, once it may: nothing is asked before consent. */
  const show = () => {
    if (!person || !memory.get('consent')) return
    const who = person
    shown ??= import(/* @vite-ignore */ `${host}/tracker-messages.js`).then(each => each.openMessages(who))
    shown.then(each => each.look()).catch(() => {})
  }

  const forget = () => {
    hide()
    for (const name of ['anonymous', 'user', 'group']) memory.set(name, null)
  }

  const tell = (type: string, said: Fields) => {
    if (denied) return
    const message: Message = {
      type,
      messageId: newId(),
      timestamp: new Date().toISOString(),
      anonymousId: anonymousId(),
      userId: memory.get('user') ?? undefined,
      context: { ...surroundings(), groupId: memory.get('group') ?? undefined },
      ...said,
    }
    try {
      // A copy: what the page changes later was not said.
      delivery.add(JSON.parse(JSON.stringify(message)))
    } catch (error) {
      console.warn('kizuna: this call cannot be sent as JSON', type, error)
    }
  }

  const grant = () => {
    denied = false
    memory.open()
    memory.set('consent', 'granted')
    delivery.open()
    show()
  }

  if (consent === 'granted' || granted(prefix)) grant()

  return {
    page(name, properties) {
      tell('page', typeof name === 'object' ? { properties: name } : { name, properties: properties ?? {} })
      show()
    },
    track: (event, properties) => tell('track', { event, properties: properties ?? {} }),
    identify(userId, traits, proof) {
      if (typeof userId === 'object') return tell('identify', { traits: userId })
      const before = memory.get('user')
      // Another person at the same browser: what was done before is not theirs.
      if (before !== null && before !== String(userId)) forget()
      memory.set('user', String(userId))
      tell('identify', { traits: traits ?? {} })
      if (!messages || denied) return
      const next = { host, writeKey, userId: String(userId), userHash: proof?.userHash }
      if (person?.userId !== next.userId || person.userHash !== next.userHash) hide()
      person = next
      show()
    },
    group(groupId, traits) {
      memory.set('group', String(groupId))
      tell('group', { groupId: String(groupId), traits: traits ?? {} })
    },
    alias: (userId, previousId) => tell('alias', { userId: String(userId), previousId: previousId ?? anonymousId() }),
    reset: forget,
    consent(answer) {
      if (answer === 'granted') return grant()
      denied = true
      hide()
      delivery.clear()
      memory.clear()
    },
  }
}

function granted(prefix: string): boolean {
  try {
    return localStorage.getItem(`${prefix}consent`) === 'granted'
  } catch {
    return false
  }
}

/** Addresses without query and fragment: they may hold what nobody else should read. */
function surroundings(): Fields {
  return {
    page: {
      path: location.pathname,
      url: location.origin + location.pathname,
      title: document.title,
      referrer: document.referrer.split(/[?#]/)[0],
    },
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    userAgent: navigator.userAgent,
    library: { name: 'kizuna-tracker', version: about.version },
  }
}
