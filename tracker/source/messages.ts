import { announce, type InAppMessage, renderMessage, stylesheet } from './message-view.ts'

export interface MessagesOptions {
  host: string
  writeKey: string
  userId: string
  /** HMAC-SHA256 of the user id, made by the product's server. */
  userHash?: string | undefined
}

/** What the tracker holds of messages that are shown. */
export interface Messages {
  /** The page is another one now. */
  look(): void
  /** Takes everything off the page. */
  close(): void
}

/** Shows what waits for a user on this page. It never throws into the page. */
export function openMessages({ host, writeKey, userId, userHash }: MessagesOptions): Messages {
  const shown = new Map<string, HTMLElement>()
  let root: ShadowRoot | undefined
  let closed = false
  let asked: string | undefined

  const post = (path: string, body: object) =>
    fetch(host + path, {
      method: 'POST',
      body: JSON.stringify({ writeKey, userId, userHash, ...body }),
      credentials: 'omit',
      keepalive: true,
    })
  const tell = (id: string, kind: 'shown' | 'click' | 'dismiss') =>
    void post('/v1/in-app/events', { events: [{ id, kind }] }).catch(() => undefined)

  const place = () => {
    if (root) return root
    const element = document.createElement('div')
    element.dataset.kizunaMessages = ''
    document.body.append(element)
    root = element.attachShadow({ mode: 'open' })
    // A sheet that is made by script needs no `unsafe-inline` of the page's policy.
    root.adoptedStyleSheets = [stylesheet()]
    return root
  }

  const show = (message: InAppMessage) => {
    if (closed || shown.has(message.id)) return
    const take = (kind: 'click' | 'dismiss') => {
      tell(message.id, kind)
      if (kind === 'click' && message.kind === 'checklist') return
      element.remove()
    }
    const element = renderMessage(message, take)
    shown.set(message.id, element)
    place().append(element)
    announce(element)
    tell(message.id, 'shown')
  }

  const look = async () => {
    const path = location.pathname
    if (closed || asked === path) return
    asked = path
    try {
      const answer = await post('/v1/in-app', { path, language: document.documentElement.lang || navigator.language })
      if (!answer.ok || asked !== path) return
      const { messages } = (await answer.json()) as { messages: InAppMessage[] }
      // What belongs to another page goes with it.
      for (const [id, element] of shown) {
        if (messages.some(message => message.id === id) && element.isConnected) continue
        element.remove()
        shown.delete(id)
      }
      for (const message of messages) show(message)
    } catch {
      // The page works without messages.
    }
  }
  void look()

  return {
    look: () => void look(),
    close() {
      closed = true
      root?.host.remove()
    },
  }
}
