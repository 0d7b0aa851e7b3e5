import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** A write that the server acknowledged with 2xx. */
export interface Acknowledged {
  kind: 'sign-up' | 'invitation' | 'team'
  /** What identifies it in the database: address or name. */
  key: string
  /** How often it was sent before an answer came. */
  attempts: number
}

interface Reply {
  status: number
  body: string
}

let loopback = 1

/** Limits count per network: each client calls from an address of its own of the loopback range. */
function nextAddress(): string {
  loopback = (loopback % 250) + 1
  return `127.0.1.${loopback}`
}

/** Sends one request; rejects when the connection breaks or nothing comes for 10 s. */
export function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const call = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        localAddress: nextAddress(),
        agent: false,
        timeout: 10_000,
        headers: {
          ...headers,
          ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        },
      },
      reply => {
        let text = ''
        reply.setEncoding('utf8')
        reply.on('data', chunk => {
          text += chunk
        })
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text }))
        reply.on('error', reject)
        reply.on('aborted', () => reject(new Error('aborted')))
      },
    )
    call.on('timeout', () => call.destroy(new Error('timeout')))
    call.on('error', reject)
    call.end(payload)
  })
}

/**
 * Sends a write until it is acknowledged, with the same Idempotency-Key each time, as a good client does.
 * @throws Error for an answer that a fault must never cause: anything but 2xx, 429 and 503
 */
async function insist(
  port: number,
  path: string,
  headers: Record<string, string>,
  body: object,
  until: () => boolean,
): Promise<number | undefined> {
  const key = randomUUID()
  for (let attempts = 1; !until(); attempts++) {
    const reply = await send(port, 'POST', path, { ...headers, 'idempotency-key': key }, body).catch(() => undefined)
    if (reply && reply.status >= 200 && reply.status < 300) return attempts
    if (reply && ![429, 503].includes(reply.status)) throw new Error(`${path} answered ${reply.status}: ${reply.body}`)
    await delay(200)
  }
  return undefined
}

/** Reads the mail of a sign-up in the mailbox of the demo and opens its link. @returns false when told to stop before */
async function confirm(port: number, authorization: string, email: string, until: () => boolean): Promise<boolean> {
  while (!until()) {
    const list = await send(port, 'GET', '/api/v1/mails?limit=100', { authorization }).catch(() => undefined)
    const items: { id: string; recipient: string }[] = list?.status === 200 ? JSON.parse(list.body).items : []
    const found = items.find(item => item.recipient === email)
    const mail =
      found && (await send(port, 'GET', `/api/v1/mails/${found.id}`, { authorization }).catch(() => undefined))
    if (mail?.status === 200) {
      const token = /#(\S+)/.exec(JSON.parse(mail.body).text)?.[1]
      return (await insist(port, '/api/v1/email-verifications', {}, { token }, until)) !== undefined
    }
    await delay(100)
  }
  return false
}

/** Writes by one client after the other, until told to stop. */
export async function client(
  kind: Acknowledged['kind'],
  port: number,
  authorization: string,
  acknowledged: Acknowledged[],
  until: () => boolean,
): Promise<void> {
  while (!until()) {
    const id = randomUUID().slice(0, 13)
    const email = `${kind}-${id}@fault.example`
    const headers: Record<string, string> = kind === 'sign-up' ? {} : { authorization }
    const [path, body, key] = {
      'sign-up': [
        '/api/v1/sign-up',
        { company: `会社 ${id}`, slug: `c-${id}`, name: '試験 太郎', email, password: 'fault test 試験', locale: 'ja' },
        email,
      ],
      invitation: ['/api/v1/invitations', { email, role: 'csm' }, email],
      team: ['/api/v1/teams', { name: `team ${id}`, memberIds: [] }, `team ${id}`],
    }[kind] as [string, object, string]
    const attempts = await insist(port, path, headers, body, until)
    if (attempts === undefined) return
    // A sign-up counts once its link has been opened and answered: then the company must be there.
    if (kind === 'sign-up' && !(await confirm(port, authorization, email, until))) return
    acknowledged.push({ kind, key, attempts })
    await delay(30)
  }
}
